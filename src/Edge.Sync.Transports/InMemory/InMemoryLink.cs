namespace Edge.Sync.Transports.InMemory;

/// <summary>A link between two endpoints: where both are there and it is not cut, they get the two ends of a new wire.</summary>
internal sealed class InMemoryLink(int pauseBytes)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<InMemoryConnection?>?[] _waiting = new TaskCompletionSource<InMemoryConnection?>?[2];
    private InMemoryWire? _wire;
    private bool _isCut;

    /// <summary>Waits for the other side and for the link to be whole; null where cancelled before that.</summary>
    public async Task<InMemoryConnection?> JoinAsync(int side, CancellationToken cancellationToken)
    {
        var joined = new TaskCompletionSource<InMemoryConnection?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting[side] = joined;
            Pair();
        }

        var onCancel = cancellationToken.UnsafeRegister(_ => Leave(side, joined), null);
        await using (onCancel.ConfigureAwait(false))
            return await joined.Task.ConfigureAwait(false);
    }

    public void Cut()
    {
        lock (_lock)
        {
            _isCut = true;
            _wire?.Cut();
            _wire = null;
        }
    }

    public void Heal()
    {
        lock (_lock)
        {
            _isCut = false;
            Pair();
        }
    }

    private void Pair()
    {
        if (_isCut || _waiting[0] is not { } first || _waiting[1] is not { } second) return;
        _wire = new(pauseBytes);
        first.SetResult(_wire.First);
        second.SetResult(_wire.Second);
        _waiting[0] = _waiting[1] = null;
    }

    private void Leave(int side, TaskCompletionSource<InMemoryConnection?> joined)
    {
        lock (_lock)
        {
            if (_waiting[side] != joined) return; // It was paired just before: the caller has a connection to close.
            _waiting[side] = null;
            joined.SetResult(null);
        }
    }
}
