using Edge.Sync.Scheduling;

namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    private readonly PeerReceipts _receipts = new();
    private readonly List<WatchSignal> _receiptWaits = [];

    /// <summary>How far a change has come, as far as this replica knows: what peers hold is known from what they have said since the database was opened.</summary>
    /// <param name="change">The change: <see cref="Receipt.ChangeId"/>, <see cref="HistoryEntry.ChangeId"/>.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="ArgumentException">The change is not held here.</exception>
    /// <exception cref="EdgeStorageException">The log cannot be read.</exception>
    public async Task<ReceiptStage> GetStageAsync(ChangeId change, CancellationToken cancellationToken = default)
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        var (dot, isOwn, stage) = await opened.Writer.RunAloneAsync(replica => replica.StageOf(change), cancellationToken).ConfigureAwait(false);
        return stage == ReceiptStage.Local && (!isOwn || _receipts.Contains(dot, null)) ? ReceiptStage.Durable : stage;
    }

    /// <summary>Waits until a peer has said that a change of this replica survives a power cut there. It needs a running sync, and waits for one.</summary>
    /// <param name="change">The change. One that others wrote is where its author has it: no wait, but for a <paramref name="peer"/>, of whom only what this replica wrote is known.</param>
    /// <param name="peer">Which peer; null for any.</param>
    /// <param name="cancellationToken">Ends the wait; the change goes its way.</param>
    /// <exception cref="ArgumentException">The change is not held here; or a peer is named, and another replica wrote the change.</exception>
    /// <exception cref="ObjectDisposedException">The database was disposed meanwhile.</exception>
    public async Task WhenDurableAsync(ChangeId change, ReplicaId? peer = null, CancellationToken cancellationToken = default)
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        var signal = new WatchSignal(_scheduler);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed is not null, this);
            _receiptWaits.Add(signal);
        }
        try
        {
            while (true)
            {
                // Asked each time: a change of a file that was copied gets another name.
                var (dot, isOwn, _) = await opened.Writer.RunAloneAsync(replica => replica.StageOf(change), cancellationToken).ConfigureAwait(false);
                if (!isOwn && peer is not null) throw new ArgumentException($"Change {change} was written by another replica; what peer {peer} has of it is not known here.", nameof(peer));
                if (!isOwn || _receipts.Contains(dot, peer)) return;
                ObjectDisposedException.ThrowIf(!await signal.WaitAsync(cancellationToken).ConfigureAwait(false), this);
            }
        }
        finally
        {
            lock (_lock) _receiptWaits.Remove(signal);
        }
    }

    private void OnPeerAcknowledged(ReplicaId peer, IEnumerable<Dot> ends)
    {
        var isNews = _receipts.Take(peer, ends);
        lock (_lock)
        {
            foreach (var signal in _receiptWaits)
                signal.Set();
        }
        if (isNews) WakeSubscriptions(static reading => reading.Stage == ReceiptStage.Durable);
    }

    private void EndReceiptWaits()
    {
        lock (_lock)
        {
            foreach (var signal in _receiptWaits)
                signal.Complete();
        }
    }
}
