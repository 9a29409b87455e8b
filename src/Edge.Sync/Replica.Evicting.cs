using Edge.Sync.Log;
using Edge.Sync.Replication;
using Edge.Sync.Storage;

namespace Edge.Sync;

/// <summary>Holes: sections that are absent here and that others have. Evicting makes them, filling closes them; the log and its ids stay as they are.</summary>
/// <remarks>
/// A document with a hole is folded by nothing less than all of its sections (log rule F5): it is empty and not shown until the last one is there, and is then rebuilt from all of
/// its changes. Changes that come for it meanwhile are kept whole.
/// </remarks>
internal sealed partial class Replica
{
    private const int KeepersUnsavedMax = 64;
    private const int WantedBatch = 64;

    private readonly KeeperClaims _keepers = new();
    private List<(VersionVector Held, IReadOnlySet<DocumentKey> Absent)>? _kept;

    /// <summary>Notes what a keeper has said. Only a file that may evict has a use for it.</summary>
    public void Note(KeeperNote note)
    {
        if (!_store.MayEvict) return;
        _keepers.Take(note, Log);
        _kept = null;
    }

    /// <summary>Frees what a document takes here, if a keeper has all that is here of it. What it names stays, and so do the hashes of what is gone.</summary>
    /// <remarks>The bytes lie in the file until <see cref="IStore.Erase"/> has run.</remarks>
    public EvictionVerdict TryEvict(DocumentKey key)
    {
        if (!_store.MayEvict) return EvictionVerdict.Keeper;
        if (_store.IsPurged(key)) return EvictionVerdict.NotHere;
        var sections = ReadSections(key).Where(stored => HasSection(key, stored)).ToList();
        if (sections.Count == 0)
        {
            // Whoever waits for it waits no more.
            if (_store.ReadHoles(key).Count > 0) _store.AddEvicted(key);
            return EvictionVerdict.NotHere;
        }
        if (IsKept(key, sections))
        {
            Evict(key);
            SaveKeepers();
            return EvictionVerdict.Evicted;
        }
        return sections.Exists(stored => IsOwn(Log.Tree.RootOf(stored.Last.Replica)) && !_kept!.Exists(keeper => keeper.Held.Contains(stored.Last))) ? EvictionVerdict.Unsent : EvictionVerdict.NoKeeper;
    }

    /// <summary>Whether a keeper has said that it holds all that is here of a document.</summary>
    public bool IsKept(DocumentKey key) => IsKept(key, [.. ReadSections(key)]);

    /// <summary>The same, whoever else has it. False where there is nothing of it.</summary>
    public bool Evict(DocumentKey key)
    {
        if (_store.IsPurged(key) || !ReadSections(key).Any()) return false;
        Erase(key);
        for (var i = 0; i < _group.Count; i++)
            _group[i] = _group[i].Erase(named => named == key);
        _store.AddEvicted(key);
        _store.MarkErase();
        // Steps that would take back its edits hold what it held.
        _erased?.Invoke(key);
        Rebuild(key);
        return true;
    }

    /// <summary>Wants a document back. Returns how many of its sections are absent.</summary>
    public int Want(DocumentKey key)
    {
        _store.RemoveEvicted(key);
        return ReadAbsent(key).Count;
    }

    /// <summary>The sections of a document that are absent here, in order of arrival; none for one that is whole, purged or unknown.</summary>
    public List<SectionName> ReadAbsent(DocumentKey key) => [.. ReadAbsent(key, new(0, 0)).Select(static wanted => wanted.Name)];

    /// <summary>Sections that are absent here and were not evicted, or are wanted back: what to ask peers for.</summary>
    /// <param name="after">Where to go on from.</param>
    /// <param name="countMax">As many at most.</param>
    public WantedSections ReadWanted(WantedPlace after, int countMax)
    {
        var sections = new List<WantedSection>();
        var documents = _store.ReadIncomplete(after.Document, WantedBatch);
        foreach (var key in documents)
        {
            foreach (var section in ReadAbsent(key, key == after.Document ? new(after.Sequence, after.Number) : new(0, 0)))
            {
                if (sections.Count == countMax) return new(sections, sections[^1].Place, IsLast: false);
                sections.Add(section);
            }
        }
        var isLast = documents.Count < WantedBatch;
        return new(sections, isLast ? default : new(documents[^1], long.MaxValue, 0), isLast);
    }

    /// <summary>What is here of the sections that a peer asks for, in its order; empty where that is nothing. About <paramref name="bytesMax"/> bytes, but one at least: it asks again for the rest.</summary>
    public List<ReceivedSection> ReadSections(IEnumerable<SectionName> names, int bytesMax)
    {
        var result = new List<ReceivedSection>();
        var bytes = 0;
        foreach (var name in names)
        {
            var content = FindChange(name.Change) is { } stored ? FindSection(stored, name.Number) : default;
            if (bytes > 0 && bytes + content.Length > bytesMax) break;
            result.Add(new(name, content));
            bytes += content.Length;
        }
        return result;
    }

    /// <summary>Puts in sections that were absent, and shows the documents that are whole then. One that is not what was left out is not taken.</summary>
    public FillOutcome Fill(IEnumerable<ReceivedSection> sections)
    {
        var outcome = new FillOutcome();
        var documents = new HashSet<DocumentKey>();
        foreach (var group in sections.Where(static section => !section.Bytes.IsEmpty).GroupBy(static section => section.Name.Change))
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
                if (filled == change)
                {
                    outcome.FalseSection ??= section.Name;
                    continue;
                }
                change = filled;
                absent.Remove(section.Name.Number);
                documents.Add(key);
                outcome.TakenCount++;
            }
            var bytes = change.StoredBytes;
            if (!bytes.Span.SequenceEqual(stored.Bytes.Span)) _store.ReplaceChanges([stored with { Bytes = bytes }]);
        }
        foreach (var key in documents)
            Rebuild(key, isMoreReadable: true);
        return outcome;
    }

    private bool IsKept(DocumentKey key, List<StoredChange> sections)
    {
        _kept ??= _keepers.Resolve(Log);
        return sections.Count > 0 && _kept.Exists(keeper => !keeper.Absent.Contains(key) && sections.TrueForAll(stored => keeper.Held.Contains(stored.Last)));
    }

    private void SaveKeepers()
    {
        if (_keepers.UnsavedCount == 0) return;
        _store.WriteKeepers(_keepers.ToBytes());
        _keepers.UnsavedCount = 0;
    }

    private List<WantedSection> ReadAbsent(DocumentKey key, Hole after)
    {
        var sections = new List<WantedSection>();
        foreach (var sequence in _store.ReadHoles(key).Where(hole => hole.CompareTo(after) > 0).Select(static hole => hole.Sequence).Distinct())
        {
            var stored = _store.ReadChange(sequence);
            var change = Change.ParseStored(stored.Bytes);
            // A section whose key is missing is a hole as well, but its bytes are there.
            for (var body = new BodyReader(change.Body); body.Read();)
                if (body.IsAbsent && body.Envelope.Document == key && new Hole(sequence, body.Number).CompareTo(after) > 0)
                    sections.Add(new(new(new(change.Written.Last, stored.Id), body.Number), new(key, sequence, body.Number)));
        }
        return sections;
    }

    private static bool HasSection(DocumentKey key, in StoredChange stored)
    {
        for (var body = new BodyReader(Change.ParseStored(stored.Bytes).Body); body.Read();)
            if (!body.IsAbsent && body.Envelope.NamesDocument && body.Envelope.Document == key) return true;
        return false;
    }

    private static ReadOnlyMemory<byte> FindSection(in StoredChange stored, int number)
    {
        for (var body = new BodyReader(Change.ParseStored(stored.Bytes).Body); body.Read();)
            if (body.Number == number) return !body.IsAbsent && body.Envelope.NamesDocument ? body.Content : default;
        return default;
    }

    private StoredChange? FindChange(FeedEnd change)
    {
        if (change.Last.Counter == 0 || !Log.TryFind(change, out var last)) return null;
        var sequence = _store.FirstSequenceAfter(last.Replica, last.Counter - 1);
        return sequence != long.MaxValue && _store.ReadChange(sequence) is var stored && stored.Last == last ? stored : null;
    }
}
