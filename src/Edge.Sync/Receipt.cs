namespace Edge.Sync;

/// <summary>What a write returns once it is committed: it survives the end of the process from then on. Immutable; how far the change has come is asked.</summary>
public sealed class Receipt
{
    private readonly EdgeDatabase _database;

    internal Receipt(EdgeDatabase database, DocumentId documentId, ChangeId? changeId) => (_database, DocumentId, ChangeId) = (database, documentId, changeId);

    /// <summary>The document that was written; all zeros for a change that may hold several.</summary>
    public DocumentId DocumentId { get; }

    /// <summary>The change that holds the write; null where the edit wrote nothing.</summary>
    public ChangeId? ChangeId { get; }

    /// <summary>How far the change has come, as far as this replica knows.</summary>
    /// <inheritdoc cref="EdgeDatabase.GetStageAsync"/>
    public async Task<ReceiptStage> GetStageAsync(CancellationToken cancellationToken = default) =>
        ChangeId is { } change ? await _database.GetStageAsync(change, cancellationToken).ConfigureAwait(false) : ReceiptStage.None;

    /// <summary>Waits until a peer has said that the change survives a power cut there; at once where the edit wrote nothing. It needs a running sync (<see cref="EdgeDatabase.StartSync"/>), and waits for one.</summary>
    /// <inheritdoc cref="EdgeDatabase.WhenDurableAsync"/>
    public Task WhenDurableAsync(ReplicaId? peer = null, CancellationToken cancellationToken = default) =>
        ChangeId is { } change ? _database.WhenDurableAsync(change, peer, cancellationToken) : Task.CompletedTask;
}
