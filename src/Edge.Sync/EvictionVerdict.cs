namespace Edge.Sync;

/// <summary>What became of the wish to evict a document.</summary>
internal enum EvictionVerdict
{
    /// <summary>Its bytes are gone from the log; the file still has to be written anew.</summary>
    Evicted,

    /// <summary>There is nothing of it to free: it is not known, purged, or evicted already.</summary>
    NotHere,

    /// <summary>It has changes of this replica that no keeper has acknowledged.</summary>
    Unsent,

    /// <summary>It has changes of others that no keeper has acknowledged, or no keeper has all of it.</summary>
    NoKeeper,

    /// <summary>The file keeps everything: others rely on that.</summary>
    Keeper,
}
