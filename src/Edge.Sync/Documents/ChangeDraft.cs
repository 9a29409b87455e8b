namespace Edge.Sync.Documents;

/// <summary>The change that an edit callback is making: one draft for each document that it touches.</summary>
internal sealed class ChangeDraft(ChangeDots dots, IDocumentSource documents, EdgeRandom random)
{
    private readonly Dictionary<DocumentKey, (DocumentDraft Draft, FieldStore Store)> _drafts = [];
    private readonly List<DocumentDraft> _order = [];
    private bool _closed;

    /// <summary>Why the change is made, for its history; null where the app does not say.</summary>
    public string? Intent { get; set; }

    /// <summary>The documents that the callback has opened, whether or not it wrote to them.</summary>
    public IReadOnlyCollection<DocumentKey> Keys => _drafts.Keys;

    /// <summary>The documents that the change has a section for.</summary>
    public IEnumerable<DocumentKey> ChangedKeys
    {
        get
        {
            foreach (var draft in _order)
                if (draft.HasChanges) yield return draft.State.Key;
        }
    }

    /// <summary>The document to edit: what is stored, with what this callback has done so far.</summary>
    /// <exception cref="InvalidOperationException">The callback has ended.</exception>
    public FieldStore Open(DocumentSchema schema, DocumentId id)
    {
        if (_closed) throw new InvalidOperationException("The edit callback that this change belonged to has ended. Change documents inside EditAsync only.");
        var key = new DocumentKey(schema.Collection, id);
        if (_drafts.TryGetValue(key, out var open)) return open.Store;
        var draft = new DocumentDraft(documents.Load(key), dots);
        var store = FieldStore.Draft(schema, draft.State, draft);
        _drafts.Add(key, (draft, store));
        _order.Add(draft);
        return store;
    }

    public void Delete(DocumentSchema schema, DocumentId id)
    {
        Open(schema, id);
        var (draft, _) = _drafts[new(schema.Collection, id)];
        draft.Delete();
    }

    /// <summary>Ends all drafts: from here on the documents that the callback was given can no longer be changed.</summary>
    public void Close()
    {
        _closed = true;
        foreach (var (_, store) in _drafts.Values)
            store.Close();
    }

    /// <summary>The sections of the change, in the order in which documents were first touched; none where nothing was written.</summary>
    public List<byte[]> ToSections()
    {
        var sections = new List<byte[]>(_order.Count + 1);
        Span<byte> salt = stackalloc byte[DocumentSection.SaltBytes];
        foreach (var draft in _order)
        {
            if (!draft.HasChanges) continue;
            random.Fill(salt);
            sections.Add(draft.ToSection(salt));
        }
        if (sections.Count > 0 && Intent is not null)
        {
            random.Fill(salt);
            sections.Add(MetadataSection.Write(salt, Intent));
        }
        return sections;
    }
}
