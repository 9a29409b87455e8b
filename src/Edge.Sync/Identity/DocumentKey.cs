namespace Edge.Sync;

/// <summary>Names a document within a database: two collections may use one id (a name, say) for two documents.</summary>
internal readonly record struct DocumentKey(string Collection, DocumentId Id) : IComparable<DocumentKey>
{
    public int CompareTo(DocumentKey other)
    {
        var collection = string.CompareOrdinal(Collection, other.Collection);
        return collection != 0 ? collection : Id.CompareTo(other.Id);
    }

    public override string ToString() => $"{Collection}/{Id}";
}
