using Edge.Sync.Log;
using Edge.Sync.Replication;

namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    private const int LinesBatchBytes = 1 << 20;

    /// <summary>Writes all changes as lines of JSON, sealed and in an order in which they can be imported. Edits go on meanwhile.</summary>
    /// <param name="output">Gets UTF-8; stays open.</param>
    /// <param name="progress">Gets the number of changes that were written so far.</param>
    /// <param name="cancellationToken">Ends it early, at the end of a line.</param>
    /// <returns>How many changes were written.</returns>
    public async Task<long> ExportAsync(Stream output, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        var log = new DatabaseSyncLog(await OpenedAsync(cancellationToken).ConfigureAwait(false));
        // By name it could be one of several what a change follows, where a feed has forked.
        var hasForks = (await log.SyncAsync(cancellationToken).ConfigureAwait(false)).Forks.Count > 0;
        long count = 0;
        for (long after = 0; ;)
        {
            var (changes, cursor) = await log.ReadAsync(new(new(), after, LinesBatchBytes, Tells: hasForks), cancellationToken).ConfigureAwait(false);
            if (changes.Count == 0) return count;
            using var lines = new MemoryStream();
            foreach (var stored in changes)
                ChangeLines.Write(lines, Change.ParseStored(stored.Bytes), stored.Id.ToString(), stored.Signature.Span, stored.Past.Span);
            await output.WriteAsync(lines.GetBuffer().AsMemory(0, (int)lines.Length), cancellationToken).ConfigureAwait(false);
            count += changes.Count;
            progress?.Report(count);
            after = cursor;
        }
    }

    /// <summary>Takes changes that <see cref="ExportAsync"/> or a repair has written: each is checked as one from a peer is. It may be done again at any time.</summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">Gets the number of lines that were read so far.</param>
    /// <param name="cancellationToken">Ends it between two batches; what was taken stays.</param>
    /// <exception cref="EdgeDataException">A line is no change, or a false one. What came before it was taken.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<ImportReport> ImportAsync(string path, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        using var input = new StreamReader(path);
        var room = new WaitingRoom();
        var batch = new List<ReceivedChange>();
        long lines = 0, taken = 0, known = 0, bytes = 0;
        foreach (var (change, seal, past) in ChangeLines.Read(input))
        {
            batch.Add(new(change, seal, past));
            lines++;
            if ((bytes += change.Length) < LinesBatchBytes) continue;
            await TakeAsync().ConfigureAwait(false);
        }
        await TakeAsync().ConfigureAwait(false);
        return new() { TakenCount = taken, KnownCount = known, WaitingCount = lines - taken - known };

        async Task TakeAsync()
        {
            var changes = batch.ToArray();
            var (outcome, held) = await opened.Writer.RunAsync(replica =>
            {
                var outcome = replica.Receive(room, changes);
                return (outcome, outcome.DuplicateCount);
            }, cancellationToken).ConfigureAwait(false);
            taken += outcome.AcceptedCount;
            known += held;
            if (outcome.Refused is { } refused) throw refused;
            (batch, bytes) = ([], 0);
            progress?.Report(lines);
        }
    }
}
