namespace Edge.Sync.Crdts;

/// <summary>
/// A state made of entries under dots, so that two states join as a whole: what is missing on one side is new or removed, and the contexts
/// tell which.
/// </summary>
/// <remarks>
/// <para>The one rule (Almeida, Shoker, Baquero 2018): an entry is in the join if both states have it, or if one has it and the other's
/// context does not contain its dot. An entry that the other's context contains, and its store lacks, was removed there.</para>
/// <para>It is sound only for a state that holds every delta below its context. A document that is ahead of its database's vector, or has
/// holes, knows that; a state does not.</para>
/// </remarks>
internal abstract class DotState : CrdtState
{
    /// <summary>Whether nothing is left that a later join could need: such a state has the bytes of a new one.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>Joins all of <paramref name="other"/>, a state of the same kind that was compacted at the same version; it stays as it is.</summary>
    /// <param name="other">The state of a peer, or a fragment of it.</param>
    /// <param name="ours">What this state has seen, before the join.</param>
    /// <param name="theirs">What <paramref name="other"/> has seen.</param>
    public abstract void Join(DotState other, CausalContext ours, CausalContext theirs);

    /// <summary>Throws what <see cref="Join(DotState, CausalContext, CausalContext)"/> would throw, and changes nothing: for what holds several states, which must all join or none.</summary>
    /// <exception cref="EdgeDataException">The other refers to what is not here. Only a fragment can.</exception>
    public virtual void CheckJoin(DotState other) { }

    /// <summary>
    /// Drops what is needed only to place operations concurrent to <paramref name="stable"/>, of which there will be none: every operation yet
    /// to come follows all that is stable.
    /// </summary>
    /// <remarks>
    /// A compaction takes its place in the causal order: who joins a delta whose author had compacted has compacted too. Compacting
    /// commutes with joining; states compacted at different versions are not joined before the one behind catches up.
    /// </remarks>
    public virtual void Compact(VersionVector stable) { }

    /// <summary>The least that takes a peer who has seen <paramref name="peer"/> to the join of both states.</summary>
    /// <param name="version">What this state has seen.</param>
    /// <param name="peer">What the peer has seen.</param>
    public StateFragment Since(VersionVector version, VersionVector peer)
    {
        var kept = new HashSet<Dot>();
        var unseen = Unseen(peer, kept);
        // Some deletions have no dot, and go along to everybody but to who has seen all there is.
        return new(peer.Covers(version) ? Create(Kind).Unseen(peer, []) : unseen, version, kept);
    }

    /// <summary>A new state, or a part of one that can only be joined, of the entries that <paramref name="peer"/> lacks; the dots of the others, as far as they can be removed, are added to <paramref name="kept"/>.</summary>
    public abstract DotState Unseen(VersionVector peer, HashSet<Dot> kept);
}
