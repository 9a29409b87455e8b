namespace Edge.Sync;

/// <summary>How a sync is doing at one moment.</summary>
public sealed record SyncStatus
{
    /// <summary>The best state of any link; <see cref="LinkState.Faulted"/> where all are, <see cref="LinkState.Connecting"/> where there is none.</summary>
    public LinkState State
    {
        get
        {
            if (Links.Count == 0) return LinkState.Connecting;
            foreach (var state in (ReadOnlySpan<LinkState>)[LinkState.Connected, LinkState.Listening, LinkState.Connecting])
                foreach (var link in Links)
                    if (link.State == state) return state;
            return LinkState.Faulted;
        }
    }

    /// <summary>Why it is not connected, as far as a link has said so; null while it is.</summary>
    public string? Reason
    {
        get
        {
            if (State == LinkState.Connected) return null;
            foreach (var link in Links)
                if (link.Reason is { } reason) return reason;
            return LastFault?.Reason;
        }
    }

    /// <summary>When a peer last had all that this replica has written, by this device's clock; null while that has not been since the sync started.</summary>
    public DateTimeOffset? LastSynced { get; init; }

    /// <summary>The newest report of each link.</summary>
    public required IReadOnlyList<LinkStatus> Links { get; init; }

    /// <summary>What ended the last session that did not end well: which link, and why. Null while there was none.</summary>
    public required LinkStatus? LastFault { get; init; }

    /// <summary>How many of this replica's own operations no peer has acknowledged as durable since the sync started.</summary>
    public required long Unsent { get; init; }

    /// <summary>Since when something has been unsent without a peer acknowledging any of it, by this device's clock; null where nothing is unsent.</summary>
    public DateTimeOffset? UnsentSince { get; init; }

    /// <summary>Feeds that go on in several ways, since a database file was copied or rolled back. Their changes count, once each; none where that never happened.</summary>
    public IReadOnlyList<ForkedFeed> Forks { get; init; } = [];

    /// <summary>Replicas with changes that are stamped far ahead of this device's clock, as of the last look at the log: see <see cref="EdgeDatabase.CapClockAsync"/>. None where clocks are right.</summary>
    public IReadOnlyList<FastClock> FastClocks { get; init; } = [];

    /// <summary>Bytes sent since the sync started, with framing.</summary>
    public required long BytesSent { get; init; }

    /// <summary>Bytes received since the sync started, with framing.</summary>
    public required long BytesReceived { get; init; }

    /// <summary>Changes sent since the sync started; one that was sent twice counts twice.</summary>
    public required long ChangesSent { get; init; }

    /// <summary>Changes received since the sync started that were new here.</summary>
    public required long ChangesReceived { get; init; }

    /// <summary>Several syncs as one. Of what is unsent, the least counts: one peer that has it is enough.</summary>
    internal static SyncStatus Of(IReadOnlyList<SyncStatus> all) => all.Count == 1 ? all[0] : new()
    {
        Links = [.. all.SelectMany(static status => status.Links)],
        LastFault = all.LastOrDefault(static status => status.LastFault is not null)?.LastFault,
        LastSynced = all.Max(static status => status.LastSynced),
        Unsent = all.Count == 0 ? 0 : all.Min(static status => status.Unsent),
        UnsentSince = all.Count == 0 || all.Any(static status => status.UnsentSince is null) ? null : all.Max(static status => status.UnsentSince),
        Forks = all.LastOrDefault(static status => status.Forks.Count > 0)?.Forks ?? [],
        FastClocks = all.LastOrDefault(static status => status.FastClocks.Count > 0)?.FastClocks ?? [],
        BytesSent = all.Sum(static status => status.BytesSent),
        BytesReceived = all.Sum(static status => status.BytesReceived),
        ChangesSent = all.Sum(static status => status.ChangesSent),
        ChangesReceived = all.Sum(static status => status.ChangesReceived),
    };
}

/// <summary>What a link last reported.</summary>
/// <param name="Link">The link's name.</param>
/// <param name="State">Its state.</param>
/// <param name="Reason">Why, where it is not up, and what to do about it.</param>
public sealed record LinkStatus(string Link, LinkState State, string? Reason)
{
    /// <summary>The cause of a fault, for code that acts on it; null where the link works, or has named none.</summary>
    public EdgeErrorCode? Code { get; init; }
}
