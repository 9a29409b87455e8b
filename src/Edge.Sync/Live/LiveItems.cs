namespace Edge.Sync.Live;

/// <summary>What a live list makes of the rows of a result.</summary>
internal abstract class LiveItems<T>
{
    /// <summary>The item for a row that is new.</summary>
    public abstract T Create(Row<T> row);

    /// <summary>Whether items can be brought to what newer rows say.</summary>
    public abstract bool CanRefresh { get; }

    /// <summary>Brings an item to what a newer row says. False where another item must take its place.</summary>
    public abstract bool TryRefresh(T item, Row<T> row);

    /// <summary>Names the live object that the items lie in.</summary>
    public virtual void Connect(Action<Action> dispatch, Action<Exception> handlerFailed) { }

    /// <summary>Waits for the edits that setters have queued.</summary>
    public virtual Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Items that never change.</summary>
    public sealed class Fixed : LiveItems<T>
    {
        public override bool CanRefresh => false;

        public override T Create(Row<T> row) => row.Value;

        public override bool TryRefresh(T item, Row<T> row) => false;
    }
}
