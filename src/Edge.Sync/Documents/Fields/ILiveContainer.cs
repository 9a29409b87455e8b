namespace Edge.Sync.Documents;

/// <summary>What has events of its own while it lies in a live document.</summary>
internal interface ILiveContainer
{
    /// <summary>Tells of a change. Returns what the first handler threw that did.</summary>
    Exception? RaiseChanged();
}
