using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Projections;
using Edge.Sync.Storage;
using Edge.Sync.Trust.Content;

namespace Edge.Sync;

/// <summary>Streams of events: documents whose one field is a log. What is appended also becomes a row of the table of events, at once.</summary>
internal sealed partial class Replica
{
    private void AppendEvent(DocumentKey stream, EventLogDelta item, Change change, HybridTimestamp stamp, long sequence) => _store.AppendEvent(ToStored(stream, item, change, stamp, sequence));

    /// <summary>Brings the rows of a stream up to its changes, where these have come to be readable, or have got other names or stamps.</summary>
    internal void RebuildEvents(DocumentKey stream)
    {
        var events = new StreamEvents(stream);
        foreach (var stored in ReadSections(stream))
        {
            events.Sequence = stored.Sequence;
            DocumentFold.Join(Change.ParseStored(stored.Bytes), events, _offered);
        }
        var known = _store.ReadEvents(stream).ToDictionary(static item => item.Position, static item => (item.Dot, item.Stamp));
        // What was absent before is behind those who have read on.
        if (events.Found.Keys.FirstOrDefault(position => !known.ContainsKey(position)) is > 0 and var late) _store.RewindSubscriptions(stream.Collection, late - 1);
        // Other names and stamps give another place in the order. Other rows stay: what has read or folded them need not do so again.
        var gone = known.Where(row => !events.Found.TryGetValue(row.Key, out var now) || (now.Dot, now.Stamp) != row.Value).Select(static row => row.Key).ToHashSet();
        if (gone.Count > 0) _store.RemoveEvents(stream, gone);
        foreach (var position in gone)
            known.Remove(position);
        foreach (var (position, item) in events.Found)
            if (!known.ContainsKey(position)) _store.AppendEvent(item);
    }

    private static StoredEvent ToStored(DocumentKey stream, EventLogDelta item, Change change, HybridTimestamp stamp, long sequence) => new(
        StoredEvent.PositionOf(sequence, item.First.Counter - change.Header.First), stream, item.Depth, stamp, item.First, item.Value.Memory);

    /// <summary>Takes the events of one stream, and nothing else.</summary>
    private sealed class StreamEvents(DocumentKey stream) : IFoldTarget
    {
        private readonly DocumentState _state = new(stream.Id, stream.Collection);

        public DocumentId? Only => stream.Id;

        public long Sequence { get; set; }

        public SortedList<long, StoredEvent> Found { get; } = [];

        public DocumentState? Open(DocumentKey key, int sectionBytes) => key == stream ? _state : null;

        public void OnAbsent(DocumentKey key, int section, ContentKeyId? missing) { }

        public void OnEvent(DocumentKey key, EventLogDelta item, Change change) => Found[StoredEvent.PositionOf(Sequence, item.First.Counter - change.Header.First)] = ToStored(key, item, change, change.Stamp, Sequence);
    }
}
