using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>Edits several documents in one atomic change. Lives inside the callback of <see cref="EdgeDatabase.EditAsync(Action{ChangeBuilder}, CancellationToken)"/> only.</summary>
public class ChangeBuilder
{
    private readonly ChangeDraft _draft;
    private readonly Func<DocumentId> _newId;

    internal ChangeBuilder(ChangeDraft draft, Func<DocumentId> newId) => (_draft, _newId) = (draft, newId);

    /// <summary>The document to edit; one that is not there yet starts empty.</summary>
    public virtual T Document<T>(DocumentId id) where T : class, IEdgeDocument<T> => T.Attach(_draft.Open(T.Schema, id));

    /// <summary>Adds a document that was made with <c>new</c>, under a new id.</summary>
    /// <returns>The id.</returns>
    public DocumentId Add<T>(T document) where T : class, IEdgeDocument<T>
    {
        ArgumentNullException.ThrowIfNull(document);
        var id = _newId();
        DetachedFields.CopyTo(document.Store, _draft.Open(T.Schema, id));
        return id;
    }

    /// <summary>Deletes a document: it goes from queries everywhere. A concurrent edit brings it back, unless the class says <see cref="DeletePolicy.DeleteWins"/>.</summary>
    public void Delete<T>(DocumentId id) where T : class, IEdgeDocument<T> => _draft.Delete(T.Schema, id);

    /// <summary>Appends an event to a stream, as part of this change.</summary>
    /// <param name="stream">The stream: often the id of the document that the event is about.</param>
    /// <param name="item">What happened: an event of the record with <see cref="EdgeEventAttribute"/>.</param>
    public void Append<T>(DocumentId stream, IEdgeEvent<T> item) where T : class, IEdgeEvent<T>
    {
        ArgumentNullException.ThrowIfNull(item);
        _draft.Append(new(T.Schema.Collection, stream), T.Schema.Encode((T)item));
    }

    /// <summary>Brings back a document that was deleted, with all its fields.</summary>
    public void Restore<T>(DocumentId id) where T : class, IEdgeDocument<T> => _draft.Restore(T.Schema, id);
}
