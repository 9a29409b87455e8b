namespace Edge.Sync;

/// <summary>A stretch of rich text whose characters have equal marks.</summary>
public sealed class TextSpan
{
    internal TextSpan(int start, string text, IReadOnlyList<TextMark> marks) => (Start, Text, Marks) = (start, text, marks);

    /// <summary>Where it starts, in UTF-16 code units.</summary>
    public int Start { get; }

    /// <summary>Its characters; never empty.</summary>
    public string Text { get; }

    /// <summary>By ascending key, text compared by code point: the same order on every replica.</summary>
    public IReadOnlyList<TextMark> Marks { get; }

    /// <summary>Whether it is marked under a key.</summary>
    public bool IsMarked(string key) => Find(key) is not null;

    /// <summary>The value under a key, where it was written as a <typeparamref name="T"/>.</summary>
    /// <typeparam name="T">string, bool, an integer, float, double, decimal, Guid, DateTimeOffset, DocumentId or an enum.</typeparam>
    public bool TryGetMark<T>(string key, out T? value)
    {
        value = default;
        return Find(key) is { } mark && mark.TryGetValue(out value);
    }

    /// <summary>The text.</summary>
    public override string ToString() => Text;

    private TextMark? Find(string key)
    {
        foreach (var mark in Marks)
            if (mark.Key == key) return mark;
        return null;
    }
}
