namespace Edge.Sync.LogModel.Model;

/// <summary>How a member's acknowledgement enters the computation of what is stable.</summary>
internal enum StabilityRule
{
    /// <summary>What every member says it holds.</summary>
    HeldByAll,

    /// <summary>The same, where each saying counts only once its giver's own feed is held as far as it was then (F1 as it was first written).</summary>
    OwnCounter,

    /// <summary>What every member's last change in the log follows: the acknowledgement is itself a change.</summary>
    InLog,
}

/// <summary>The log's rules, each a switch, so that a test can show what happens without it.</summary>
internal sealed record Rules
{
    public StabilityRule Stability { get; init; } = StabilityRule.InLog;

    /// <summary>A fold drops tombstones and undo information only where every change outside of it follows (F1, as completed).</summary>
    public bool CompactsSettledOnly { get; init; } = true;

    /// <summary>Have/want, acknowledgements and fingerprints compare ids, not counters alone (F2).</summary>
    public bool ComparesIds { get; init; } = true;

    /// <summary>Void changes stay in the graph; without it they are cut out (F6a).</summary>
    public bool VoidNotExcised { get; init; } = true;

    /// <summary>A removal stands also through a later change that removed the void remover (F6b).</summary>
    public bool RemovalsStandThroughVoid { get; init; } = true;

    /// <summary>Folding waits for the acceptance of whoever may void; a record cannot void what its author accepted (F6c).</summary>
    public bool AcceptanceBinds { get; init; } = true;

    /// <summary>A lease ends by a record in the log; without it each replica decides by its own clock (F7a).</summary>
    public bool ExpelByRecord { get; init; } = true;

    /// <summary>A feed that is out writes nothing that counts any more; its device goes on under a fresh one. Without it, what follows the record counts (F7a as it was first written).</summary>
    public bool OutStaysOut { get; init; } = true;

    /// <summary>A fold that leaves a feed out waits until every other member follows the record (F7b).</summary>
    public bool FoldWaitsForRecord { get; init; } = true;

    /// <summary>Only a senior may put a junior out (F7c, as changed).</summary>
    public bool SeniorsExpelJuniors { get; init; } = true;

    /// <summary>What was written before a copy keeps its id (F8a).</summary>
    public bool OldWorkKeepsIds { get; init; } = true;

    /// <summary>A re-issue names what it replaces (F8b).</summary>
    public bool ReissueNamesReplaced { get; init; } = true;

    /// <summary>A re-issue of a re-issue names the first change too (F8b, as completed).</summary>
    public bool ReissueNamesOrigin { get; init; } = true;

    /// <summary>A fold keeps the ids of what was replaced before it (F8b).</summary>
    public bool FoldKeepsReplaced { get; init; } = true;

    /// <summary>A fold ends before a re-issue of which a rival may still come (F8b, as completed).</summary>
    public bool ReissuesFoldSettledOnly { get; init; } = true;

    /// <summary>A session compares own feeds before it sends own changes (F8c).</summary>
    public bool ComparesOwnFeed { get; init; } = true;

    /// <summary>A public fork is contained: one branch keeps the dots (F2, F8d).</summary>
    public bool ForksContained { get; init; } = true;

    /// <summary>Candidates are the branches that a member has acknowledged; without it the lower id wins outright (F8d).</summary>
    public bool AcknowledgedBranchWins { get; init; } = true;

    /// <summary>What a member acknowledged is told by its first change that follows any of the branches (F8d, as completed).</summary>
    public bool FirstAcknowledgementCounts { get; init; } = true;

    /// <summary>Where the first issue of an act is not void for a reason of its own it counts, and its re-issues do not; without it they make it void (F8b as it was first written).</summary>
    public bool OriginalFirst { get; init; } = true;

    /// <summary>Moves are ordered by depth before time (F9a).</summary>
    public bool DepthBeforeTime { get; init; } = true;

    /// <summary>Stamps are compared as written; without it each receiver caps them by its own clock (F9b).</summary>
    public bool StampsAsWritten { get; init; } = true;

    /// <summary>Nothing leaves beyond the synced watermark (F10).</summary>
    public bool NothingLeavesUnsynced { get; init; } = true;

    /// <summary>A fold is durable only together with all that it was computed from (F10, as completed).</summary>
    public bool FoldSyncsFirst { get; init; } = true;

    /// <summary>A delta refers only to what its author sees; without it a text edit may name a tombstone (F11c).</summary>
    public bool RefersToVisibleOnly { get; init; } = true;

    /// <summary>A member takes in an unknown feed or branch only where it follows all that the member has acknowledged (F23b).</summary>
    public bool TakeInFollowsAcknowledged { get; init; } = true;

    /// <summary>Feeds that an acknowledgement names join the computation of stability (F23b).</summary>
    public bool NamedFeedsJoin { get; init; } = true;

    /// <summary>What is void under the receiver's log is taken in as void, however it relates to what the receiver acknowledged (F23b, as completed).</summary>
    public bool TakesVoidIn { get; init; } = true;

    /// <summary>A member that is told that a peer sets aside what it holds acknowledges it: then the peer takes it in (F23b, as completed).</summary>
    public bool AcknowledgesWhatIsSetAside { get; init; } = true;

    /// <summary>A tombstone that a fold drops leaves its place in the order of siblings to the character behind it (F11d, as completed).</summary>
    public bool DroppedTombstonesLeaveTheirOrder { get; init; } = true;
}
