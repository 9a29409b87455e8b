using Edge.Sync.Log.Records;

namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    /// <summary>Rejects a change: on every replica that holds the record it is void, as if it had never been written. It stays in the log and in the history, where it is shown with the reason.</summary>
    /// <remarks>
    /// <para>What it had written goes from documents, tables and queries; what it had replaced or deleted is there again, but for what others have replaced or deleted too. What others wrote on top of it stands:
    /// text beside its text, a value in the place of its value. In a tree, what others put under a node that it had created goes with that node, as under one that was deleted.</para>
    /// <para>What it erased (<see cref="PurgeAsync"/>, <see cref="DocumentSet{T}.ForgetAsync"/>) is gone for good. A rejection is taken back by rejecting its own change. In an open database everybody may reject; a device
    /// that has said that it accepts (<see cref="AcceptAsync"/>) cannot reject what it accepted.</para>
    /// </remarks>
    /// <param name="change">The change: <see cref="Receipt.ChangeId"/>, <see cref="HistoryEntry.ChangeId"/>.</param>
    /// <param name="reason">Why, for people; at most 1,000 characters. It is kept for good.</param>
    /// <param name="options">By whom, for the history; null for the defaults. It is in no undo history.</param>
    /// <param name="cancellationToken">Cancels the wait; once the rejection is in the log it stands.</param>
    /// <returns>A receipt without a change where it was void already.</returns>
    /// <exception cref="ArgumentException">The change is not held here, or the reason is too long.</exception>
    /// <exception cref="InvalidOperationException">This device has accepted the change.</exception>
    /// <exception cref="EdgeStorageException">It could not be stored; nothing was changed.</exception>
    public async Task<Receipt> RejectAsync(ChangeId change, string reason, EditOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (reason.Length > RejectRecord.ReasonLengthMax) throw new ArgumentException($"A reason has at most {RejectRecord.ReasonLengthMax} characters, not {reason.Length}.", nameof(reason));
        var metadata = NewMetadata(options?.Intent, options?.Author);
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        return new(this, default, await opened.Writer.RunEditAsync(replica => replica.Reject(change, reason, metadata), cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Says in the log that this device accepts all that is held here: it cannot reject any of it from then on, and whoever holds the record knows that.</summary>
    /// <param name="options">Why and by whom, for the history; null for the defaults. It cannot be taken back.</param>
    /// <param name="cancellationToken">Cancels the wait; once it is in the log it stands.</param>
    /// <exception cref="EdgeStorageException">It could not be stored; nothing was changed.</exception>
    public async Task<Receipt> AcceptAsync(EditOptions? options = null, CancellationToken cancellationToken = default)
    {
        var metadata = NewMetadata(options?.Intent, options?.Author);
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        return new(this, default, await opened.Writer.RunEditAsync(replica => replica.Accept(metadata), cancellationToken).ConfigureAwait(false));
    }

    /// <summary>By which change a change was rejected, and why; null where it counts, or is not held here.</summary>
    public async Task<Rejection?> FindRejectionAsync(ChangeId change, CancellationToken cancellationToken = default)
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        return await opened.Writer.RunAloneAsync(replica => replica.RejectionOf(change), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What was rejected and is held here, newest first, each with its documents and the reason (<see cref="HistoryEntry.Rejection"/>): what an app shows to whoever wrote it, who may write it otherwise.</summary>
    /// <param name="own">Only what this device wrote; false for what anybody wrote.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<IReadOnlyList<HistoryEntry>> FindRejectedAsync(bool own = true, CancellationToken cancellationToken = default)
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        return new ChangeHistory(this, null).Describe(opened, await opened.Writer.RunAloneAsync(replica => replica.ReadRejected(own), cancellationToken).ConfigureAwait(false));
    }
}
