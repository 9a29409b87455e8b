using Edge.Sync.Log;
using Edge.Sync.Storage;

namespace Edge.Sync;

/// <summary>Holes: sections that are absent here and that others have. Evicting makes them, filling closes them; the log and its ids stay as they are.</summary>
/// <remarks>
/// A document with a hole is folded by nothing less than all of its sections (log rule F5): it is empty and not shown until the last one is there, and is then rebuilt from all of
/// its changes. Changes that come for it meanwhile are kept whole.
/// </remarks>
internal sealed partial class Replica
{
    /// <summary>Frees what a document takes here. What it names stays, and so do the hashes of what is gone. False where there is nothing of it.</summary>
    /// <remarks>Whether that is durable elsewhere is not known here: whoever calls this has made sure of it.</remarks>
    public bool Evict(DocumentKey key)
    {
        var sections = ReadSections(key).ToList();
        if (sections.Count == 0 || _store.IsPurged(key)) return false;
        Erase(key);
        for (var i = 0; i < _group.Count; i++)
            _group[i] = _group[i].Erase(named => named == key);
        Rebuild(key);
        return true;
    }

    /// <summary>The sections of a document that are absent here, in order of arrival; none for one that is whole, purged or unknown.</summary>
    public List<SectionName> ReadAbsent(DocumentKey key)
    {
        var names = new List<SectionName>();
        foreach (var sequence in _store.ReadHoles(key).Select(static hole => hole.Sequence).Distinct())
        {
            var change = Change.ParseStored(_store.ReadChange(sequence).Bytes);
            // A section whose key is missing is a hole as well, but its bytes are there.
            for (var body = new BodyReader(change.Body); body.Read();)
                if (body.IsAbsent && body.Envelope.Document == key) names.Add(new(change.Header.Last, body.Number));
        }
        return names;
    }

    /// <summary>Of the sections that a peer asks for, those that are there: about <paramref name="bytesMax"/> bytes of them, but at least one.</summary>
    public List<ReceivedSection> ReadPresent(IEnumerable<SectionName> names, int bytesMax)
    {
        var result = new List<ReceivedSection>();
        var bytes = 0;
        foreach (var name in names)
        {
            if (result.Count > 0 && bytes >= bytesMax) break;
            if (FindChange(name.Change) is not { } stored) continue;
            var body = new BodyReader(Change.ParseStored(stored.Bytes).Body);
            while (body.Read())
            {
                if (body.Number != name.Number || body.IsAbsent || !body.Envelope.NamesDocument) continue;
                result.Add(new(name, body.Content));
                bytes += body.Content.Length;
            }
        }
        return result;
    }

    /// <summary>Puts in sections that were absent, as far as they are those that were left out, and shows the documents that are whole then. Returns how many were taken.</summary>
    public int Fill(IEnumerable<ReceivedSection> sections)
    {
        var taken = 0;
        var documents = new HashSet<DocumentKey>();
        foreach (var group in sections.GroupBy(static section => section.Name.Change))
        {
            if (FindChange(group.Key) is not { } stored) continue;
            var change = Change.ParseStored(stored.Bytes);
            var absent = new Dictionary<int, DocumentKey>();
            for (var body = new BodyReader(change.Body); body.Read();)
                if (body.IsAbsent && !_store.IsPurged(body.Envelope.Document)) absent.Add(body.Number, body.Envelope.Document);
            // The same number twice: whichever is genuine.
            foreach (var section in group)
            {
                if (!absent.TryGetValue(section.Name.Number, out var key)) continue;
                var filled = change.Refill(new Dictionary<int, ReadOnlyMemory<byte>> { [section.Name.Number] = section.Bytes });
                if (filled == change) continue;
                change = filled;
                absent.Remove(section.Name.Number);
                documents.Add(key);
                taken++;
            }
            if (!change.StoredBytes.Span.SequenceEqual(stored.Bytes.Span)) _store.ReplaceChanges([stored with { Bytes = change.StoredBytes }]);
        }
        foreach (var key in documents)
            Rebuild(key);
        return taken;
    }

    private StoredChange? FindChange(Dot last)
    {
        if (last.Counter == 0 || !Log.Held.Contains(last)) return null;
        var sequence = _store.FirstSequenceAfter(last.Replica, last.Counter - 1);
        return sequence != long.MaxValue && _store.ReadChange(sequence) is var stored && stored.Last == last ? stored : null;
    }
}
