namespace Edge.Sync.Crdts.RichText;

/// <summary>What a stretch of text is marked with under one key, and how the mark that won grows.</summary>
/// <remarks>Equal where key and value are: how a mark grows is not to be seen.</remarks>
internal readonly record struct MarkValue(string Key, ValueBytes Value, MarkExpansion Expansion)
{
    public bool Equals(MarkValue other) => Key == other.Key && Value.Equals(other.Value);

    public override int GetHashCode() => HashCode.Combine(Key, Value);
}
