namespace Edge.Sync;

/// <summary>How a sync is doing at one moment.</summary>
public sealed record SyncStatus
{
    /// <summary>The newest report of each link.</summary>
    public required IReadOnlyList<LinkStatus> Links { get; init; }

    /// <summary>What ended the last session that did not end well: which link, and why. Null while there was none.</summary>
    public required LinkStatus? LastFault { get; init; }

    /// <summary>How many of this replica's own operations no peer has acknowledged as durable since the sync started.</summary>
    public required long Unsent { get; init; }

    /// <summary>Bytes sent since the sync started, with framing.</summary>
    public required long BytesSent { get; init; }

    /// <summary>Bytes received since the sync started, with framing.</summary>
    public required long BytesReceived { get; init; }

    /// <summary>Changes sent since the sync started; one that was sent twice counts twice.</summary>
    public required long ChangesSent { get; init; }

    /// <summary>Changes received since the sync started that were new here.</summary>
    public required long ChangesReceived { get; init; }
}

/// <summary>What a link last reported.</summary>
/// <param name="Link">The link's name.</param>
/// <param name="State">Its state.</param>
/// <param name="Reason">Why, where it is not up, and what to do about it.</param>
public sealed record LinkStatus(string Link, LinkState State, string? Reason);
