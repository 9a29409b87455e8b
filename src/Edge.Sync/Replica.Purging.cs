using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Log.Records;
using Edge.Sync.Projections;

namespace Edge.Sync;

/// <summary>Purging: a record in the log after which no section of a document has effect, whenever it was or will be written, and its bytes are kept nowhere.</summary>
internal sealed partial class Replica
{
    /// <summary>Purges a document. Returns the change that says so; null where it was purged before. Whether it is known here makes no difference.</summary>
    /// <remarks>The bytes lie in the file until <see cref="Storage.IStore.Erase"/> has run.</remarks>
    public ChangeId? Purge(DocumentKey key, in ChangeMetadata metadata = default)
    {
        if (_store.IsPurged(key)) return null;
        return Record(new PurgeRecord(key), metadata);
    }

    /// <summary>Writes a change that holds a record, and acts on it.</summary>
    private ChangeId Record(LogRecord record, in ChangeMetadata metadata)
    {
        JoinHeads();
        Span<byte> salt = stackalloc byte[LogLimits.SaltBytes];
        _random.Fill(salt);
        var sections = new SectionBuffer();
        sections.Add(record.Write(salt));
        if (!metadata.IsEmpty)
        {
            _random.Fill(salt);
            sections.Add(MetadataSection.Write(salt, metadata));
        }
        var bodyBytes = sections.BodyBytes;
        Verify(1, bodyBytes);
        // A record takes one dot: a change covers at least one.
        var change = Change.OfSections(Log.NextHeader(1, _clock.Next(), bodyBytes), sections);
        var admission = Log.Admit(change);
        Take(change, admission.Id, default);
        return admission.Id;
    }

    /// <summary>Acts on a change's erasures before it is appended, takes out what is erased by now, and says what is ruled of it. The same change, as it is to be stored.</summary>
    private Change Screen(Change change, ChangeId id, out List<LogRecord>? records)
    {
        records = DocumentFold.ReadRecords(change, out var voidCount);
        foreach (var erasure in records?.OfType<ErasureRecord>() ?? [])
        {
            ForgetKeys(erasure);
            if (!_store.IsPurged(erasure.Document)) Purge(erasure.Document);
        }
        VoidCount += voidCount;
        return _rulings.Rule(_store.AnyPurged ? change.Erase(_store.IsPurged) : change, id);
    }

    /// <summary>The same of a change that is stored already: an older version may have kept what this one erases, and not obeyed what this one does.</summary>
    private Change Screen(StoredChange stored, out List<LogRecord>? records)
    {
        var change = Change.ParseStored(stored.Bytes);
        var screened = Screen(change, stored.Id, out records);
        if (screened != change) _store.ReplaceChanges([stored with { Bytes = screened.StoredBytes }]);
        return screened;
    }

    private void Purge(DocumentKey key)
    {
        _store.AddPurged(key);
        _store.RemoveEvicted(key);
        _isAbsentStale = true;
        Erase(key);
        for (var i = 0; i < _group.Count; i++)
            _group[i] = _group[i].Erase(named => named == key);
        _store.RemoveHoles(key);
        _store.RemoveEvents(key);
        var row = _documents.Remove(key);
        _projector?.Remove(key, row);
        _store.RemoveDocument(key);
        _erased?.Invoke(key);
    }

    /// <summary>Leaves of a document's sections their envelopes only.</summary>
    private void Erase(DocumentKey key)
    {
        var erased = new List<StoredChange>();
        foreach (var stored in ReadSections(key))
            if (Change.ParseStored(stored.Bytes) is var change && change.Erase(named => named == key) is var rest && rest != change) erased.Add(stored with { Bytes = rest.StoredBytes });
        _store.ReplaceChanges(erased);
    }

    /// <summary>All changes that have a section for a document, those of the open transaction among them.</summary>
    private IEnumerable<StoredChange> ReadSections(DocumentKey key) => _documents.ReadChanges(key);
}
