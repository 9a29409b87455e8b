using System.Diagnostics.CodeAnalysis;
using Edge.Sync.Scheduling;
using Edge.Sync.Storage.Segments;
using Edge.Sync.Telemetry;

namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    /// <summary>So many changes are left as they are before the database packs by itself: a new or small file never does.</summary>
    internal const int PackDue = 8 * LogSegment.ChangesMax;

    // An edit that comes meanwhile waits for one step: a quarter of a full segment is a few milliseconds on a small machine.
    private const int PackStep = LogSegment.ChangesMax / 4;

    private static readonly TimeSpan s_packPatience = TimeSpan.FromSeconds(1);

    private Task? _packing;
    private WatchSignal? _packTurn;

    /// <summary>Packs the old part of the log: its headers as columns, compressed, from which the same bytes come out again. The newest 1,024 changes stay as they are, and so does what has not been synced yet.</summary>
    /// <remarks>
    /// Each 1,024 changes are one step of some 10 milliseconds, and one transaction; edits go on between two. The room becomes free pages of the file, which are used for what is written next.
    /// The database does so by itself, in smaller steps, while no edit waits: see <see cref="EdgeDatabaseOptions.PacksByItself"/>.
    /// </remarks>
    /// <param name="progress">Gets the number of changes that were packed so far.</param>
    /// <param name="cancellationToken">Ends it between two steps.</param>
    /// <returns>How many changes were packed.</returns>
    /// <exception cref="EdgeStorageException">There is no room, or the file is damaged. What was packed before stays packed.</exception>
    public async Task<long> PackAsync(IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        await new DatabaseSyncLog(opened).SyncAsync(cancellationToken).ConfigureAwait(false);
        for (var total = 0L; ; progress?.Report(total))
        {
            var count = await opened.Writer.RunAloneAsync(static replica => replica.Pack(LogSegment.ChangesMax), cancellationToken).ConfigureAwait(false);
            if (count == 0) return total;
            total += count;
        }
    }

    /// <summary>The packing that goes on, or went on last.</summary>
    internal Task Packing { get { lock (_lock) return _packing ?? Task.CompletedTask; } }

    private void PackSoon()
    {
        lock (_lock)
            if (_closed is null && _packing is null or { IsCompleted: true }) _packing = PackBesideEditsAsync(_packTurn = new(_scheduler));
    }

    [SuppressMessage("Design", "CA1031", Justification = "The app's own key may throw whatever it likes. It is told, and the next commit tries again.")]
    private async Task PackBesideEditsAsync(WatchSignal turn)
    {
        try
        {
            var opened = await OpenedAsync(CancellationToken.None).ConfigureAwait(false);
            if (!await PauseAsync(turn).ConfigureAwait(false)) return;
            await new DatabaseSyncLog(opened).SyncAsync(CancellationToken.None).ConfigureAwait(false);
            while (true)
            {
                if (opened.Writer.PendingCount > 0)
                {
                    if (!await PauseAsync(turn).ConfigureAwait(false)) return;
                }
                else if (await opened.Writer.RunAloneAsync(replica => IsClosing ? 0 : replica.Pack(PackStep)).ConfigureAwait(false) == 0) return;
            }
        }
        catch (Exception e) when (e is ObjectDisposedException) { /* it is due again when the file is opened next */ }
        catch (Exception e) { _telemetry.Logger.PackingFailed(e, _options.Name); }
    }

    private bool IsClosing { get { lock (_lock) return _closed is not null; } }

    /// <summary>Waits a moment; false where the database is being closed. Not by a delay with a token, whose end would come on a thread of its own.</summary>
    private async Task<bool> PauseAsync(WatchSignal turn)
    {
        using var timer = _options.TimeProvider.CreateTimer(static turn => ((WatchSignal)turn!).Set(), turn, s_packPatience, Timeout.InfiniteTimeSpan);
        return await turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private Task StopPackingAsync()
    {
        lock (_lock) _packTurn?.Complete();
        return Packing;
    }
}
