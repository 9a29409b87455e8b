namespace Edge.Sync.Trust.Content;

/// <summary>What a reader of sections needs to know of keys.</summary>
internal interface IContentKeys
{
    /// <summary>The key; null where it is not here, or no more.</summary>
    ContentKey? Find(ContentKeyId id);

    /// <summary>Whether nothing was ever encrypted or forgotten here: then what is read now reads the same later.</summary>
    bool IsEmpty { get; }
}

/// <summary>No keys: encrypted sections wait.</summary>
internal sealed class NoKeys : IContentKeys
{
    public static NoKeys Instance { get; } = new();

    public ContentKey? Find(ContentKeyId id) => null;

    public bool IsEmpty => true;
}
