namespace Edge.Sync.LogModel.Model;

/// <summary>How a member's acknowledgement enters the computation of what is stable.</summary>
internal enum StabilityRule
{
    /// <summary>What every member says it holds.</summary>
    HeldByAll,

    /// <summary>The same, where each saying counts only once its giver's own feed is held as far as it was then (F1 as it was first written).</summary>
    OwnCounter,

    /// <summary>What the last acknowledgement in each participant's feed follows: it is itself a change.</summary>
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

    /// <summary>All branches of a feed count, each under a name of its own; without it the one with the lowest id keeps the dots (F2, F8d, as changed).</summary>
    public bool EveryBranchCounts { get; init; } = true;

    /// <summary>Folding waits for every branch; without it for the longest of each feed (F8d, as changed).</summary>
    public bool BranchesParticipate { get; init; } = true;

    /// <summary>Void changes stay in the graph; without it they are cut out (F6a).</summary>
    public bool VoidNotExcised { get; init; } = true;

    /// <summary>A removal stands also through a later change that removed the void remover (F6b).</summary>
    public bool RemovalsStandThroughVoid { get; init; } = true;

    /// <summary>A record cannot void what its author accepted (F6c).</summary>
    public bool AcceptanceBinds { get; init; } = true;

    /// <summary>A record cannot cap a stamp that its author accepted (F6c, F9c).</summary>
    public bool AcceptanceBindsCaps { get; init; } = true;

    /// <summary>A lease ends by a record in the log; without it each replica decides by its own clock (F7a).</summary>
    public bool ExpelByRecord { get; init; } = true;

    /// <summary>What is out is all that the record does not follow, in every branch; without it what lies beyond a counter (F7a, as changed).</summary>
    public bool OutByPast { get; init; } = true;

    /// <summary>A feed that is out writes nothing that counts any more; its device goes on under a fresh one. Without it, what follows the record counts (F7a as it was first written).</summary>
    public bool OutStaysOut { get; init; } = true;

    /// <summary>A fold that leaves a feed out waits until every other member follows the record (F7b).</summary>
    public bool FoldWaitsForRecord { get; init; } = true;

    /// <summary>What is out holds back what is settled, as far as it is held: a change that counts may refer to it (F1, F7, as completed).</summary>
    public bool SettledCountsWhatIsOut { get; init; } = true;

    /// <summary>Only a senior may put a junior out (F7c, as changed).</summary>
    public bool SeniorsExpelJuniors { get; init; } = true;

    /// <summary>Nothing is issued again: a change keeps its id, and counts once by it. Without it, a copy writes its branch anew under its fresh feed (F8a, F8b, as changed).</summary>
    public bool NothingIsIssuedAgain { get; init; } = true;

    /// <summary>Whoever finds that its feed has forked writes under a fresh one from then on (F8c, as changed).</summary>
    public bool ForkedFeedIsLeft { get; init; } = true;

    /// <summary>A fresh feed names the change that it goes on from: it is no newcomer, and nobody waits for the branch that it left (F8, F23).</summary>
    public bool FreshFeedsGoOn { get; init; } = true;

    /// <summary>A fold ends before whatever a record outside of it speaks of: another may still take that record back (F6c, as completed).</summary>
    public bool FoldsNothingInDispute { get; init; } = true;

    /// <summary>Moves are ordered by depth before time (F9a).</summary>
    public bool DepthBeforeTime { get; init; } = true;

    /// <summary>Stamps are compared as written; without it each receiver caps them by its own clock (F9b).</summary>
    public bool StampsAsWritten { get; init; } = true;

    /// <summary>Nothing leaves beyond the synced watermark (F10).</summary>
    public bool NothingLeavesUnsynced { get; init; } = true;

    /// <summary>A fold is durable only together with all that it was computed from, and so is a log that is taken over (F10, as completed).</summary>
    public bool FoldSyncsFirst { get; init; } = true;

    /// <summary>A delta refers only to what its author sees; without it a text edit may name a tombstone (F11c).</summary>
    public bool RefersToVisibleOnly { get; init; } = true;

    /// <summary>A purge names a document, and so reaches below a fold; without it a change's section (F17).</summary>
    public bool PurgeNamesDocument { get; init; } = true;

    /// <summary>An erasure stands even where its change is void: the bytes are gone (F17).</summary>
    public bool ErasuresStand { get; init; } = true;

    /// <summary>Bytes leave the medium only once the record that says so is on it (F10, F17).</summary>
    public bool ErasesSyncedOnly { get; init; } = true;

    /// <summary>A participant takes in an unknown feed or branch only where it follows all that the participant has accepted (F23b).</summary>
    public bool TakeInFollowsAcknowledged { get; init; } = true;

    /// <summary>Only an acceptance binds so; without it every change does (F23b, as changed).</summary>
    public bool OnlyAcceptancesBind { get; init; } = true;

    /// <summary>Feeds that are in the log join the computation of stability (F23b).</summary>
    public bool NamedFeedsJoin { get; init; } = true;

    /// <summary>A participant that is told that a peer sets aside what it holds accepts it: then the peer takes it in (F23b, as completed).</summary>
    public bool AcknowledgesWhatIsSetAside { get; init; } = true;
}
