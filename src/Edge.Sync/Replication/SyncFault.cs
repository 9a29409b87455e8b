namespace Edge.Sync.Replication;

/// <summary>Why a session is over.</summary>
internal sealed record SyncFault(EdgeErrorCode Code, string Reason, SessionEnd End);
