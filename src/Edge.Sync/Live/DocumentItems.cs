using Edge.Sync.Documents;

namespace Edge.Sync.Live;

/// <summary>Live documents, one for each row.</summary>
internal sealed class DocumentItems<T>(LiveEdits edits) : LiveItems<T> where T : class, IEdgeDocument<T>
{
    public override bool CanRefresh => true;

    public override T Create(Row<T> row) => T.Attach(FieldStore.Live(T.Schema, row.Value.Store, row.Version, edits));

    public override bool TryRefresh(T item, Row<T> row)
    {
        item.Store.Refresh(row.Value.Store, row.Version);
        return true;
    }

    public override void Connect(Action<Action> dispatch, Action<Exception> handlerFailed) => edits.Connect(dispatch, handlerFailed);

    public override Task FlushAsync(CancellationToken cancellationToken) => edits.FlushAsync(cancellationToken);
}
