using System.IO.Pipelines;
using System.Security.Claims;

namespace Edge.Sync.Replication;

/// <summary>Opens links to peers. It only moves bytes: what they mean, and whether they may come in, is the session's business.</summary>
/// <remarks>
/// One transport may listen, dial, or both. It never throws for the network: a port in use or a peer that is away is a state that it
/// reports to its host, with the reason, and tries again. Instances are used by one <see cref="SyncController"/> at a time.
/// </remarks>
public interface ISyncTransport
{
    /// <summary>A short name for status and logs, such as <c>lan:quick-start</c>.</summary>
    string Name { get; }

    /// <summary>Listens or dials until <paramref name="cancellationToken"/> is cancelled; then closes all its links and returns.</summary>
    Task RunAsync(ISyncLinkHost host, CancellationToken cancellationToken);
}

/// <summary>What a transport needs from the database it works for. Safe for use by several threads at once.</summary>
public interface ISyncLinkHost
{
    /// <summary>This replica.</summary>
    ReplicaId Replica { get; }

    /// <summary>The clock for back-off and timeouts.</summary>
    TimeProvider TimeProvider { get; }

    /// <summary>
    /// Runs a sync session over an open, reliable, ordered byte stream until either side closes it or <paramref name="cancellationToken"/> is
    /// cancelled. The caller then completes and closes the connection. Faults of the peer (garbage, another database) end the session and are
    /// reported; they are not thrown.
    /// </summary>
    /// <param name="connection">The byte stream. The session completes neither of its ends.</param>
    /// <param name="link">The link's name for status and logs, such as <c>tcp:127.0.0.1:5000</c>.</param>
    /// <param name="cancellationToken">Ends the session.</param>
    /// <returns>What ended it.</returns>
    Task<SessionEnd> RunSessionAsync(IDuplexPipe connection, string link, CancellationToken cancellationToken);

    /// <summary>The same, over a link that knows whom it has let in: rules for documents (<c>AddDocument</c>, <c>Authorize</c>) go by that.</summary>
    /// <inheritdoc cref="RunSessionAsync(IDuplexPipe, string, CancellationToken)"/>
    /// <param name="connection">The byte stream.</param>
    /// <param name="link">The link's name.</param>
    /// <param name="user">Who is at the other end. It is used until the session ends.</param>
    /// <param name="cancellationToken">Ends the session.</param>
    Task<SessionEnd> RunSessionAsync(IDuplexPipe connection, string link, ClaimsPrincipal user, CancellationToken cancellationToken) => RunSessionAsync(connection, link, cancellationToken);

    /// <summary>Says in what state a link is; the newest report of each link is part of the status.</summary>
    /// <param name="link">The link's name.</param>
    /// <param name="state">Its state.</param>
    /// <param name="reason">Why, where it is not up; with what to do about it.</param>
    /// <param name="code">The cause of a fault, for code that acts on it.</param>
    void Report(string link, LinkState state, string? reason = null, EdgeErrorCode? code = null);
}

/// <summary>What ended a session, so that a transport knows whether to try again soon.</summary>
public enum SessionEnd
{
    /// <summary>The peer or the network closed the connection, or the token was cancelled.</summary>
    Closed,

    /// <summary>The peer is this replica itself: a dialer found its own listener.</summary>
    Self,

    /// <summary>The peer broke the protocol or belongs to another database, or this side cannot store what comes in: trying again at once is of no use.</summary>
    Refused,
}
