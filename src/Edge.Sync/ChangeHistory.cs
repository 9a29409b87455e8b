using System.Runtime.CompilerServices;
using Edge.Sync.Documents;
using Edge.Sync.Documents.History;
using Edge.Sync.Log;
using Edge.Sync.Projections;
using Edge.Sync.Trust.Content;

namespace Edge.Sync;

/// <summary>Reads the log for people, in the order in which changes came here, which extends causality. One enumeration.</summary>
/// <param name="database">Names fields.</param>
/// <param name="document">The document that is asked for with its class; null for the whole log.</param>
internal sealed class ChangeHistory(EdgeDatabase database, (DocumentKey Key, DocumentSchema Schema)? document)
{
    private const uint ExistenceFieldId = 0;

    private readonly SealChain _chain = new();
    private IContentKeys _keys = NoKeys.Instance;
    private DocumentState? _state = document is { } asked ? new(asked.Key.Id, asked.Key.Collection) : null;

    public async IAsyncEnumerable<HistoryEntry> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var opened = await database.OpenedAsync(cancellationToken).ConfigureAwait(false);
        for (long after = 0; ;)
        {
            var from = after;
            _keys = opened.Replica.Keys;
            var batch = await opened.Writer.RunAloneAsync(replica => replica.ReadHistory(document?.Key, from, _chain), cancellationToken).ConfigureAwait(false);
            if (batch.Count == 0) yield break;
            foreach (var (stored, proof, rejection) in batch)
                yield return Describe(stored, proof, rejection);
            after = batch[^1].Stored.Sequence;
        }
    }

    /// <summary>Describes changes that were read elsewhere.</summary>
    public List<HistoryEntry> Describe(EdgeDatabase.Opened opened, IEnumerable<(StoredChange Stored, ChangeProof Proof, Rejection? Rejection)> changes)
    {
        _keys = opened.Replica.Keys;
        return [.. changes.Select(of => Describe(of.Stored, of.Proof, of.Rejection))];
    }

    private HistoryEntry Describe(in StoredChange stored, ChangeProof proof, Rejection? rejection)
    {
        var change = Change.ParseStored(stored.Bytes);
        var header = change.Written;
        var documents = new List<HistoryDocument>();
        var metadata = default(ChangeMetadata);
        var sections = new BodyReader(change.Body);
        while (sections.Read())
        {
            if (sections.IsAbsent)
            {
                // It was purged, or is elsewhere: whose it was is known, and no more.
                var key = sections.Envelope.Document;
                documents.Add(new(key.Collection, key.Id, []));
                if (key == document?.Key) _state = null;
                continue;
            }
            var bytes = sections.Content;
            try
            {
                if (DocumentSection.Read(bytes, new(header.Replica, header.First), header.Count, _keys) is { } section)
                {
                    documents.Add(new(section.Key.Collection, section.Key.Id, FieldsOf(section)) { IsVoid = change.IsVoidSection(sections.Number) });
                    // What waits for its key is as good as absent.
                    if (!section.IsReadable && section.Key == document?.Key) _state = null;
                }
                else if (MetadataSection.Read(bytes) is { } read && metadata.IsEmpty) metadata = read;
            }
            catch (EdgeDataException) { /* void: it changes nothing, so there is nothing to tell */ }
        }
        return new(stored.Id, header.Replica, header.Timestamp.ToDateTimeOffset(), metadata, proof, documents, Join(change)) { Rejection = rejection };
    }

    private List<string> FieldsOf(DocumentSection section)
    {
        var fields = new List<string>();
        foreach (var (id, _) in section.Operations)
        {
            if (id == ExistenceFieldId) continue;
            var name = NameOf(section.Key.Collection, id);
            if (!fields.Contains(name)) fields.Add(name);
        }
        return fields;
    }

    private string NameOf(string collection, uint fieldId) =>
        (document is { } asked && asked.Key.Collection == collection ? asked.Schema.Fields.FirstOrDefault(field => field.Id == fieldId)?.Name : null)
        ?? database.FieldName(collection, fieldId) ?? $"{fieldId:x8}";

    private DocumentDiff? Join(Change change)
    {
        if (document is not { } asked || _state is null) return null;
        // States change in place: what was before has to be another object.
        var before = DocumentCodec.Read(asked.Key, DocumentCodec.Write(_state));
        DocumentFold.Join(change, new DocumentFold.OneDocument(_state), _keys);
        return DocumentComparison.Compare(asked.Schema, before, _state);
    }
}
