namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    /// <summary>The replicas whose changes are stamped further ahead of this device's clock than <see cref="EdgeDatabaseOptions.ClockDriftMax"/>, ascending by replica: their clocks were ahead, or this one is behind. At most 1,024.</summary>
    /// <remarks>Their changes are applied and their time is not followed, but among concurrent writes of one value theirs win. <see cref="CapClockAsync"/> ends that.</remarks>
    public async Task<IReadOnlyList<FastClock>> FindFastClocksAsync(CancellationToken cancellationToken = default)
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        return await opened.Writer.RunAloneAsync(static replica => replica.FastClocks, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says in the log that a replica's clock was ahead: those of its changes that are held here and stamped later than <paramref name="latest"/> are compared as written then, on every replica that holds the record.</summary>
    /// <remarks>
    /// Whoever knew a value and replaced it wins as before: stamps decide between concurrent writes only. The replica itself, once it has the record, goes on from its own clock, which must be right by then;
    /// what it wrote before it heard of the record, and is not held here, needs another cap. In an open database everybody may cap any clock.
    /// </remarks>
    /// <param name="replica">The replica. All branches of its feed are capped.</param>
    /// <param name="latest">What these changes count as; null for now, by this device's clock.</param>
    /// <param name="options">Why and by whom, for the history; null for the defaults. It cannot be undone: of several caps the earliest counts.</param>
    /// <param name="cancellationToken">Cancels the wait; once the cap is in the log it stands.</param>
    /// <returns>A receipt without a change where the replica has written nothing that is stamped later.</returns>
    /// <exception cref="ArgumentException">Nothing is held here of <paramref name="replica"/>.</exception>
    /// <exception cref="EdgeStorageException">It could not be stored; nothing was changed.</exception>
    public async Task<Receipt> CapClockAsync(ReplicaId replica, DateTimeOffset? latest = null, EditOptions? options = null, CancellationToken cancellationToken = default)
    {
        var metadata = NewMetadata(options?.Intent, options?.Author);
        var stamp = HybridTimestamp.FromUnixMilliseconds((latest ?? TimeProvider.GetUtcNow()).ToUnixTimeMilliseconds());
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        var change = await opened.Writer.RunEditAsync(
            target => target.IsKnown(replica) ? target.CapClock(replica, stamp, metadata) : throw new ArgumentException($"Nothing is held here of replica {replica}. Sync with a peer that has its changes, then cap its clock.", nameof(replica)),
            cancellationToken).ConfigureAwait(false);
        return new(this, default, change);
    }
}
