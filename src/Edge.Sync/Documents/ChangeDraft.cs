using Edge.Sync.Crdts;
using Edge.Sync.Documents.Undo;
using Edge.Sync.Trust.Content;

namespace Edge.Sync.Documents;

/// <summary>The change that an edit callback is making: one draft for each document that it touches.</summary>
/// <remarks>One that the callback does not see itself serves change after change: <see cref="Start"/>, <see cref="Clear"/>.</remarks>
internal sealed class ChangeDraft(IDocumentSource documents, EdgeRandom random)
{
    // Most changes edit one document: looking through a few is quicker than hashing.
    private const int ScannedMax = 8;

    private readonly ChangeDots _dots = new();
    private readonly SectionBuffer _sections = new();
    private readonly List<DocumentDraft> _order = new(1);
    private DocumentDraft? _free;
    private Dictionary<DocumentKey, DocumentDraft>? _drafts;
    private LocalDots? _localDots;
    private List<(DocumentKey, EventLogDelta)>? _events;
    private ulong? _eventDepth;
    private bool _closed;

    /// <summary>Begins with a change.</summary>
    public ChangeDraft Start(ReplicaId replica, ulong first, HybridTimestamp stamp)
    {
        _dots.Start(replica, first, stamp);
        return this;
    }

    /// <summary>Lets go of a change that is closed, to begin with another one. Only where nobody else has the draft.</summary>
    public void Clear()
    {
        foreach (var draft in _order) draft.Clear();
        if (_order.Count > 0) _free = _order[0];
        _order.Clear();
        Written.Clear();
        _sections.Clear();
        (_drafts, _localDots, _events, _eventDepth, _closed, Metadata, Undo) = (null, null, null, null, false, default, null);
    }

    /// <summary>How many dots have been taken.</summary>
    public int DotCount => _dots.Count;

    /// <summary>How the change's time is compared.</summary>
    public HybridTimestamp Stamp => _dots.Stamp;

    /// <summary>What the change says says of itself, for its history.</summary>
    public ChangeMetadata Metadata { get; set; }

    /// <summary>Takes note of what would take the change back; null where nobody asks. Set before the first document is opened.</summary>
    public UndoStep? Undo { get; set; }

    /// <summary>Is told of each document when it is opened, before it is written; null where nobody asks.</summary>
    public Action<DocumentDraft>? Opened { get; set; }

    /// <summary>The documents that the callback has opened, whether or not it wrote to them.</summary>
    public IEnumerable<DocumentKey> Keys => _order.Select(static draft => draft.State.Key);

    /// <summary>The documents that the change has a section for, with its length, once <see cref="ToSections"/> has made them.</summary>
    public List<(DocumentKey Key, int SectionBytes)> Written { get; } = new(1);

    /// <summary>The events that the callback has appended, in order.</summary>
    public IReadOnlyList<(DocumentKey Stream, EventLogDelta Item)> Events => _events ?? (IReadOnlyList<(DocumentKey, EventLogDelta)>)[];

    /// <summary>Appends an event to a stream, behind all events of all streams that are known here.</summary>
    /// <exception cref="InvalidOperationException">The callback has ended.</exception>
    /// <exception cref="EdgeDocumentException">The stream is erased, or not whole here.</exception>
    public void Append(DocumentKey stream, ValueBytes item)
    {
        var draft = Open(stream);
        var depth = CausalKey.Next(_eventDepth ?? documents.ReadLastEventDepth());
        var delta = new EventLogDelta(draft.Next, depth, item);
        draft.Commit(EventValue.FieldId, delta);
        _eventDepth = depth;
        (_events ??= []).Add((stream, delta));
    }

    /// <summary>The document to edit: what is stored, with what this callback has done so far.</summary>
    /// <exception cref="InvalidOperationException">The callback has ended.</exception>
    public FieldStore Open(DocumentSchema schema, DocumentId id)
    {
        var draft = Open(schema, new DocumentKey(schema.Collection, id));
        return draft.Store ??= FieldStore.Draft(schema, draft.State, draft, schema.HasLocalFields ? OpenLocal(draft) : null);
    }

    /// <summary>The same, whatever its class is.</summary>
    /// <exception cref="InvalidOperationException">The callback has ended.</exception>
    /// <exception cref="EdgeDocumentException">The document is erased, or not whole here.</exception>
    public DocumentDraft Open(DocumentKey key)
    {
        if (_closed) throw Closed();
        // Of one that is not whole a draft can only delete: whoever wants more of it is told why that cannot be.
        return Find(key) is { IsWhole: true } known ? known : Add(documents.Load(key), isWhole: true);
    }

    private DocumentDraft Add(DocumentState state, bool isWhole)
    {
        var draft = (_free ?? new(_dots)).Start(state, isWhole, Undo?.Of(state.Key));
        _free = null;
        _order.Add(draft);
        Opened?.Invoke(draft);
        if (_drafts is not null) _drafts.Add(state.Key, draft);
        else if (_order.Count > ScannedMax) _drafts = _order.ToDictionary(static draft => draft.State.Key);
        return draft;
    }

    private DocumentDraft? Find(DocumentKey key)
    {
        if (_drafts is not null) return _drafts.GetValueOrDefault(key);
        foreach (var draft in _order)
            if (draft.State.Key == key) return draft;
        return null;
    }

    /// <summary>A document as it is at the moment, to look at; null where it is erased.</summary>
    /// <param name="key">The document.</param>
    /// <param name="isWhole">Whether all of it is here; else its fields are not known.</param>
    public DocumentState? Look(DocumentKey key, out bool isWhole)
    {
        isWhole = true;
        if (Find(key) is { } draft) return draft.State;
        try { return documents.LoadToDelete(key, out isWhole); }
        catch (EdgeDocumentException) { return null; }
    }

    /// <summary>The fields of a document that stay on this device.</summary>
    public LocalDraft OpenLocal(DocumentDraft draft)
    {
        _localDots ??= new(documents.ReadLastLocal());
        return draft.Local ??= new(documents.LoadLocal(draft.State.Key), _localDots, _dots.Stamp, Undo?.Of(draft.State.Key));
    }

    /// <summary>What the callback has written of fields that stay on this device, each with the newest operation.</summary>
    public IEnumerable<(DocumentState State, ulong Last)> ChangedLocals
    {
        get
        {
            foreach (var draft in _order)
                if (draft.Local is { HasChanges: true } local) yield return (local.State, _localDots!.Last);
        }
    }

    public void Delete(DocumentSchema schema, DocumentId id)
    {
        if (_closed) throw Closed();
        var key = new DocumentKey(schema.Collection, id);
        var draft = Find(key) ?? Add(documents.LoadToDelete(key, out var isWhole), isWhole);
        draft.IsForgettable |= schema.IsForgettable;
        draft.Delete(schema.DeletePolicy == DeletePolicy.DeleteWins);
    }

    public void Restore(DocumentSchema schema, DocumentId id) => Open(schema, new DocumentKey(schema.Collection, id)).Restore();

    /// <summary>Ends all drafts: from here on the documents that the callback was given can no longer be changed.</summary>
    public void Close()
    {
        _closed = true;
        foreach (var draft in _order)
            draft.Store?.Close();
    }

    /// <summary>Whether the callback has opened fields that stay on this device.</summary>
    public bool HasLocals => _localDots is not null;

    /// <summary>The sections of the change, in the order in which documents were first touched; none where nothing was written. Valid until <see cref="Clear"/>.</summary>
    /// <param name="keyOf">What to encrypt a document's section with, given whether its class says so; null for a plain section.</param>
    public SectionBuffer ToSections(Func<DocumentKey, bool, ContentKey?> keyOf)
    {
        Span<byte> salt = stackalloc byte[DocumentSection.SaltBytes];
        foreach (var draft in _order)
        {
            if (!draft.HasChanges) continue;
            random.Fill(salt);
            draft.WriteSection(_sections.Output, salt, keyOf(draft.State.Key, draft.IsForgettable));
            Written.Add((draft.State.Key, _sections.End()));
        }
        if (_sections.Count > 0 && !Metadata.IsEmpty)
        {
            random.Fill(salt);
            _sections.Add(MetadataSection.Write(salt, Metadata));
        }
        return _sections;
    }

    private static InvalidOperationException Closed() => new("The edit callback that this change belonged to has ended. Change documents inside EditAsync only.");

    private DocumentDraft Open(DocumentSchema schema, DocumentKey key)
    {
        var draft = Open(key);
        draft.IsForgettable |= schema.IsForgettable;
        return draft;
    }
}
