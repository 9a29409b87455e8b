using System.ComponentModel;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>The values of a record's members, by the order in which they were described. For generated code only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct RecordValues
{
    private readonly ValueBytes?[] _values;

    internal RecordValues(ValueBytes?[] values) => _values = values;

    /// <summary>A member's value; its type's default, or "", where it is missing or of another type.</summary>
    public T Get<T>(int member) => _values[member] is { } bytes && ValueCodec<T>.TryDecode(bytes, out var value) && value is not null ? value : DefaultValue<T>.Value;

    /// <summary>The value of a member that may be null.</summary>
    public T? GetNullable<T>(int member) where T : struct =>
        _values[member] is { } bytes && !bytes.IsNil && ValueCodec<T>.TryDecode(bytes, out var value) ? value : null;

    /// <summary>The text of a member that may be null.</summary>
    public string? GetText(int member) => _values[member] is { } bytes && ValueCodec<string>.TryDecode(bytes, out var value) ? value : null;
}
