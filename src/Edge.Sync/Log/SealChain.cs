namespace Edge.Sync.Log;

/// <summary>
/// Proves single changes of a log: an id follows from the change's bytes and its past, and the next seal of the feed signs an id that follows from it.
/// </summary>
/// <remarks>From each change it reads to the seal behind it, at most once for all changes that one seal covers. Used between commits, by one thread at a time.</remarks>
internal sealed class SealChain
{
    private readonly Dictionary<ReplicaId, Run> _proven = [];

    /// <summary>The changes that one seal was found to cover, or the tail of a feed that none does.</summary>
    private readonly record struct Run(ulong AfterCounter, Dictionary<ulong, ChangeId> Ids, ChangeProof Proof);

    /// <param name="log">The log as it is now.</param>
    /// <param name="stored">The change.</param>
    /// <param name="following">Gives the change of the same feed that follows a dot; null where there is none.</param>
    public ChangeProof Prove(ChangeLog log, in StoredChange stored, Func<Dot, StoredChange?> following)
    {
        if (Compute(log, stored) != stored.Id) return ChangeProof.Broken;
        if (!_proven.TryGetValue(stored.Last.Replica, out var run) || !run.Ids.ContainsKey(stored.Last.Counter))
            _proven[stored.Last.Replica] = run = Follow(log, stored, following);
        return run.Ids[stored.Last.Counter] == stored.Id ? run.Proof : ChangeProof.Broken;
    }

    private static Run Follow(ChangeLog log, in StoredChange first, Func<Dot, StoredChange?> following)
    {
        var run = new Run(first.Last.Counter, new() { [first.Last.Counter] = first.Id }, ChangeProof.Unsealed);
        for (StoredChange? at = first; at is { } change; at = following(change.Last))
        {
            if (Compute(log, change) != change.Id) return run with { Proof = ChangeProof.Broken };
            run.Ids[change.Last.Counter] = change.Id;
            if (change.Signature.IsEmpty) continue;
            var written = Change.ParseStored(change.Bytes).Written.Last;
            var isOwners = log.TryGetOwner(change.Last.Replica, out var owner) && P256.Verify(owner, Seal.Digest(log.Database, written, change.Id), change.Signature.Span);
            return run with { Proof = isOwners ? ChangeProof.Sealed : ChangeProof.Broken };
        }
        // Where a feed has forked, the seal behind its common part stands in any of its branches.
        foreach (var branch in log.Tree.ChildrenOf(first.Last.Replica))
            if (following(new(branch, log.Held[first.Last.Replica])) is { } next && Follow(log, next, following).Proof is ChangeProof.Sealed) return run with { Proof = ChangeProof.Sealed };
        return run;
    }

    /// <summary>The id that follows from a change's bytes and its predecessors; default where they are none.</summary>
    private static ChangeId Compute(ChangeLog log, in StoredChange stored)
    {
        try { return log.ComputeId(Change.ParseStored(stored.Bytes)); }
        catch (EdgeDataException) { return default; }
    }
}
