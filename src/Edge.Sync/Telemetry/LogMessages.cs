using Microsoft.Extensions.Logging;

namespace Edge.Sync.Telemetry;

/// <summary>All log entries of this package. None holds what documents hold; file paths, ids of replicas and names of links are in them.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Information, "Database {Database} is open: replica {Replica}, file {Path}.")]
    public static partial void Opened(this ILogger logger, string database, ReplicaId replica, string path);

    [LoggerMessage(2, LogLevel.Error, "Database {Database} cannot be opened; the next call tries again. File {Path}.")]
    public static partial void OpenFailed(this ILogger logger, Exception exception, string database, string path);

    [LoggerMessage(3, LogLevel.Information, "Database {Database} is closed.")]
    public static partial void Closed(this ILogger logger, string database);

    [LoggerMessage(4, LogLevel.Error, "A commit of database {Database} failed; nothing of it was kept, and those who wait for it were told.")]
    public static partial void CommitFailed(this ILogger logger, Exception exception, string database);

    [LoggerMessage(5, LogLevel.Information, "Link {Link} of database {Database} is {State}: {Reason}")]
    public static partial void LinkChanged(this ILogger logger, string database, string link, LinkState state, string? reason);

    [LoggerMessage(6, LogLevel.Warning, "Link {Link} of database {Database} is faulted, and goes on trying: {Reason}")]
    public static partial void LinkFaulted(this ILogger logger, string database, string link, string? reason);

    [LoggerMessage(7, LogLevel.Warning, "The file of database {Database} is a copy of another one. It is a replica of its own from now on: {Replica}.")]
    public static partial void FileWasCopied(this ILogger logger, string database, ReplicaId replica);

    [LoggerMessage(8, LogLevel.Warning, "The old part of the log of database {Database} could not be packed; nothing was changed, and it is tried again after a later commit.")]
    public static partial void PackingFailed(this ILogger logger, Exception exception, string database);
}
