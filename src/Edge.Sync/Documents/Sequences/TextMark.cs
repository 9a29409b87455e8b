using Edge.Sync.Crdts.RichText;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>What a stretch of rich text is marked with under one key.</summary>
/// <remarks>Equal where key and value are.</remarks>
public readonly struct TextMark : IEquatable<TextMark>
{
    private readonly MarkValue _mark;

    internal TextMark(MarkValue mark) => _mark = mark;

    /// <summary>The key: "bold", "link".</summary>
    public string Key => _mark.Key ?? "";

    internal MarkValue Mark => _mark;

    /// <summary>The value, where it was written as a <typeparamref name="T"/>.</summary>
    /// <typeparam name="T">string, bool, an integer, float, double, decimal, Guid, DateTimeOffset, DocumentId or an enum.</typeparam>
    public bool TryGetValue<T>(out T? value)
    {
        value = default;
        return _mark.Key is not null && ValueCodec<T>.TryDecode(_mark.Value, out value);
    }

    /// <inheritdoc/>
    public bool Equals(TextMark other) => _mark.Key is null ? other._mark.Key is null : other._mark.Key is not null && _mark.Equals(other._mark);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TextMark other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _mark.Key is null ? 0 : _mark.GetHashCode();

    /// <summary>Whether key and value are equal.</summary>
    public static bool operator ==(TextMark left, TextMark right) => left.Equals(right);

    /// <summary>Whether key or value differ.</summary>
    public static bool operator !=(TextMark left, TextMark right) => !left.Equals(right);

    /// <summary>The key.</summary>
    public override string ToString() => Key;
}
