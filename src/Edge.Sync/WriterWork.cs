namespace Edge.Sync;

/// <summary>Something for the writer to do. Also what tells the caller afterwards, on the scheduler.</summary>
internal interface IWriterWork : IThreadPoolWorkItem
{
    bool InTransaction { get; }

    /// <summary>False where the caller took the work back.</summary>
    bool TryBegin();

    void Run(Replica replica);

    void Fail(Exception exception);
}

/// <summary>The same with a result, for which the caller waits: one object for both.</summary>
internal abstract class WriterWork<T>(bool inTransaction, CancellationToken cancellationToken) : TaskCompletionSource<T>, IWriterWork
{
    private T _result = default!;
    private Exception? _exception;
    private bool _canceled;

    public bool InTransaction => inTransaction;

    /// <summary>Called once, on the writer.</summary>
    protected abstract T Make(Replica replica);

    public bool TryBegin() => !(_canceled = cancellationToken.IsCancellationRequested);

    public void Run(Replica replica)
    {
        try { _result = Make(replica); }
        // A storage error concerns the whole group: it must not be committed.
        catch (Exception e) when (e is not EdgeStorageException || !inTransaction) { _exception = e; }
    }

    public void Fail(Exception exception) => _exception ??= exception;

    /// <summary>Tells the caller. Posted to the scheduler.</summary>
    public void Execute()
    {
        if (_canceled) TrySetCanceled(cancellationToken);
        else if (_exception is not null) TrySetException(_exception);
        else TrySetResult(_result);
    }
}
