using System.Diagnostics.CodeAnalysis;

namespace Edge.Sync;

/// <summary>Documents as items of work of which each worker takes one at a time, offline too. What several workers may rely on is said at <see cref="Work"/>. Safe for use by several threads at once.</summary>
/// <typeparam name="T">A class with <see cref="EdgeDocumentAttribute"/> and a property of type <see cref="Work"/>.</typeparam>
[SuppressMessage("Naming", "CA1711", Justification = "The field's word is work queue.")]
public sealed class WorkQueue<T> where T : class, IEdgeDocument<T>
{
    private readonly EdgeDatabase _database;
    private readonly string _worker;
    private readonly Func<T, Work> _work;
    private readonly DocumentQuery<T> _open;

    /// <param name="database">Where the items are.</param>
    /// <param name="worker">Who claims through this object, in the app's words: a device's name for instance. Two workers never share one.</param>
    /// <param name="work">The property: <c>static job => job.Work</c>.</param>
    /// <param name="open">Which items to look at, and in which order: <c>static jobs => jobs.Where(j => !j.Work.IsDone).OrderBy(j => j.Due).Take(100)</c>.</param>
    public WorkQueue(EdgeDatabase database, string worker, Func<T, Work> work, Func<DocumentSet<T>, DocumentQuery<T>> open)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentException.ThrowIfNullOrEmpty(worker);
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(open);
        (_database, _worker, _work, _open) = (database, worker, work, open(database.Documents<T>()));
    }

    /// <summary>How long a claim holds; then others may take the item.</summary>
    /// <value>The default is 5 minutes.</value>
    public TimeSpan ClaimFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How far the clocks of workers may be apart.</summary>
    /// <value>The default is 10 seconds.</value>
    public TimeSpan ClockDrift { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Claims the first item that is free, as far as this replica knows. Null where there is none.</summary>
    /// <returns>A snapshot of the item as it was before it was claimed.</returns>
    public async Task<T?> TryClaimAsync(CancellationToken cancellationToken = default)
    {
        foreach (var item in await _open.ToListAsync(cancellationToken).ConfigureAwait(false))
        {
            var work = _work(item);
            if (work.IsDone.Value || !work.Claim.IsFree(_database.TimeProvider.GetUtcNow(), ClockDrift)) continue;
            if (await ClaimAsync(item.Id, cancellationToken).ConfigureAwait(false)) return item;
        }
        return null;
    }

    /// <summary>Claims an item for a further <see cref="ClaimFor"/>. False where another has it meanwhile, or it is done: stop working on it.</summary>
    public Task<bool> RenewAsync(T item, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        return ClaimAsync(item.Id, cancellationToken);
    }

    /// <summary>Says that an item is done. See <see cref="Work.Complete"/>.</summary>
    /// <returns>Whether this worker's claim stood, and nobody else has completed it, as far as this replica knows.</returns>
    public async Task<bool> CompleteAsync(T item, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        var isOnly = false;
        await _database.Documents<T>().EditAsync(item.Id, document => isOnly = _work(document).Complete(_worker), cancellationToken).ConfigureAwait(false);
        return isOnly;
    }

    /// <summary>Gives an item back, for others to take at once.</summary>
    public Task ReleaseAsync(T item, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        return _database.Documents<T>().EditAsync(item.Id, document => _work(document).Claim.Release(_worker), cancellationToken);
    }

    private async Task<bool> ClaimAsync(DocumentId id, CancellationToken cancellationToken)
    {
        var claim = new ClaimItem(this, id, _database.TimeProvider.GetUtcNow());
        return (await _database.ExecuteAsync(claim, cancellationToken).ConfigureAwait(false)).Accepted;
    }

    // A command, since an edit would bring back an item that was deleted meanwhile.
    private sealed record ClaimItem(WorkQueue<T> Queue, DocumentId Id, DateTimeOffset Now) : IEdgeCommand
    {
        public void Execute(CommandContext change)
        {
            if (!change.Require(change.Exists<T>(Id), "the item is gone")) return;
            change.Require(Queue._work(change.Document<T>(Id)).TryClaim(Queue._worker, Now, Queue.ClaimFor, Queue.ClockDrift), "the item is done, or another has it");
        }
    }
}
