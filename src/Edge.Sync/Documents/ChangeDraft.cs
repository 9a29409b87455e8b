namespace Edge.Sync.Documents;

/// <summary>The change that an edit callback is making: one draft for each document that it touches.</summary>
internal sealed class ChangeDraft(ChangeDots dots, IDocumentSource documents, EdgeRandom random)
{
    private readonly Dictionary<DocumentKey, (DocumentDraft Draft, FieldStore Store)> _drafts = [];
    private readonly List<DocumentDraft> _order = [];

    /// <summary>Why the change is made, for its history; null where the app does not say.</summary>
    public string? Intent { get; set; }

    /// <summary>The documents that the callback has touched.</summary>
    public IReadOnlyCollection<DocumentKey> Keys => _drafts.Keys;

    /// <summary>The document to edit: what is stored, with what this callback has done so far.</summary>
    public FieldStore Open(DocumentSchema schema, DocumentId id)
    {
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
        if (draft.State.Existence.Exists) draft.Delete();
        else draft.Abandon();
    }

    /// <summary>Ends all drafts: from here on the documents that the callback was given can no longer be changed.</summary>
    public void Close()
    {
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
