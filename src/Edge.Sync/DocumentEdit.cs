using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>An edit of one document on its way through the writer: one object for all of it, for most edits are that and nothing more.</summary>
internal sealed class DocumentEdit<T, TState>(EdgeDatabase database, DocumentId id, TState state, Action<T, TState> edit, string? intent, string? author, CancellationToken cancellationToken)
    : WriterWork<Receipt>(inTransaction: true, cancellationToken), IChangeEdit where T : class, IEdgeDocument<T>
{
    // The draft does not leave this method: the document that the callback gets is dead afterwards.
    void IChangeEdit.Run(ChangeDraft draft) => edit(T.Attach(draft.Open(T.Schema, id)), state);

    protected override Receipt Make(Replica replica) => new(database, id, replica.Edit(this, new ChangeMetadata(intent, author, default)));
}
