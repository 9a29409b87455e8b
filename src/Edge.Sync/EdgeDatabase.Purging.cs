namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    private static readonly TimeSpan s_eraseRetry = TimeSpan.FromMilliseconds(100);

    // Used on the writer only.
    private long? _eraseTried;

    /// <summary>Erases a document for good, on this replica now and on every other one once it has synced: see <see cref="DocumentSet{T}.PurgeAsync"/>, of which this is the form for those that do not have the class.</summary>
    /// <param name="collection">The document's collection.</param>
    /// <param name="id">The document.</param>
    /// <param name="options">Why and by whom, for the history; null for the defaults. A purge cannot be undone, and is in no undo history.</param>
    /// <param name="cancellationToken">Cancels the wait; once the purge is in the log it stands, and goes on by itself.</param>
    /// <exception cref="ArgumentException"><paramref name="collection"/> is no name of a collection.</exception>
    /// <exception cref="EdgeStorageException">The purge could not be stored, or its bytes could not be taken out of the file yet; then that is tried again by itself.</exception>
    public async Task<Receipt> PurgeAsync(string collection, DocumentId id, EditOptions? options = null, CancellationToken cancellationToken = default)
    {
        var key = NewKey(collection, id);
        var metadata = NewMetadata(options?.Intent, options?.Author);
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        var change = await opened.Writer.RunEditAsync(replica => replica.Purge(key, metadata), cancellationToken).ConfigureAwait(false);
        await EraseAsync(opened, cancellationToken).ConfigureAwait(false);
        return new(this, id, change);
    }

    private async Task EraseAsync(Opened opened, CancellationToken cancellationToken)
    {
        while (!await opened.Writer.RunAloneAsync(static replica => replica.Store.Erase(), cancellationToken).ConfigureAwait(false))
            await Task.Delay(s_eraseRetry, TimeProvider, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes what was purged out of the file behind the commit that said so. Where a reader or a full disk is in the way, the next commit tries again, or the closing of the file.</summary>
    private void EraseSoon()
    {
        var now = TimeProvider.GetTimestamp();
        if (_eraseTried is { } tried && TimeProvider.GetElapsedTime(tried, now) < s_eraseRetry * 10) return;
        _eraseTried = now;
        _ = EraseAsync();
    }

    private async Task EraseAsync()
    {
        try
        {
            var opened = await OpenedAsync(CancellationToken.None).ConfigureAwait(false);
            await opened.Writer.RunAloneAsync(static replica => replica.Store.Erase()).ConfigureAwait(false);
        }
        catch (Exception e) when (e is EdgeStorageException or ObjectDisposedException) { /* it stays due */ }
    }
}
