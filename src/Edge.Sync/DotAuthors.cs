using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Trust.Content;

namespace Edge.Sync;

/// <summary>Which change each operation of a document is from.</summary>
internal sealed class DotAuthors(DocumentKey document, IContentKeys keys)
{
    private readonly Dictionary<ReplicaId, List<(ulong First, ulong Last, Attribution By)>> _changes = [];
    private readonly Dictionary<uint, (HybridTimestamp Stamp, Dot Last, Attribution By)> _newest = [];

    /// <summary>Takes a change of the document, in the order of arrival, which within a feed is that of its counters.</summary>
    public void Add(in StoredChange stored)
    {
        var change = Change.ParseStored(stored.Bytes);
        var fields = new List<uint>();
        var metadata = default(ChangeMetadata);
        var sections = new BodyReader(change.Body);
        while (sections.Read())
        {
            if (sections.IsAbsent || change.IsVoidSection(sections.Number)) continue;
            try
            {
                if (DocumentSection.Read(sections.Content, new(change.Written.Replica, change.Written.First), change.Written.Count, keys) is { } section)
                {
                    if (section.Key == document) fields.AddRange(section.Operations.Select(static operation => operation.FieldId));
                }
                else if (metadata.IsEmpty && MetadataSection.Read(sections.Content) is { } read) metadata = read;
            }
            catch (EdgeDataException) { /* void: it wrote nothing */ }
        }
        var by = new Attribution(stored.Id, change.Written.Replica, change.Written.Timestamp.ToDateTimeOffset(), metadata.Author, metadata.Intent);
        if (!_changes.TryGetValue(change.Header.Replica, out var feed)) _changes.Add(change.Header.Replica, feed = []);
        feed.Add((change.Header.First, change.Header.Last.Counter, by));
        // A void change is found by the characters that it left, and wrote no field.
        if (change.IsVoid) return;
        foreach (var field in fields)
            if (!_newest.TryGetValue(field, out var newest) || IsNewer(change, newest)) _newest[field] = (change.Stamp, change.Header.Last, by);
    }

    /// <summary>The change that made an operation of the document.</summary>
    public Attribution Of(Dot dot) => Of(dot, out _);

    /// <inheritdoc cref="Of(Dot)"/>
    /// <param name="dot">The operation.</param>
    /// <param name="last">The counter of the change's last operation.</param>
    public Attribution Of(Dot dot, out ulong last)
    {
        var feed = _changes[dot.Replica];
        var (low, high) = (0, feed.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (feed[middle].First <= dot.Counter) low = middle;
            else high = middle - 1;
        }
        last = feed[low].Last;
        return feed[low].By;
    }

    /// <summary>The newest change that wrote to a field; null where none did.</summary>
    public Attribution? Newest(uint field) => _newest.TryGetValue(field, out var newest) ? newest.By : null;

    // As concurrent values are ordered.
    private static bool IsNewer(Change change, (HybridTimestamp Stamp, Dot Last, Attribution By) other)
    {
        var order = change.Stamp.CompareTo(other.Stamp);
        if (order == 0) order = change.Header.Replica.CompareTo(other.Last.Replica);
        return order != 0 ? order > 0 : change.Header.First > other.Last.Counter;
    }
}
