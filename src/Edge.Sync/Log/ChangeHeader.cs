namespace Edge.Sync.Log;

/// <summary>What everyone holds of a change, whether or not they may read its body.</summary>
/// <param name="Replica">Whose feed it belongs to.</param>
/// <param name="First">The counter of its first operation.</param>
/// <param name="Count">How many operations it has, 1 or more: the change covers the dots <c>First</c> to <c>Last</c>, both inclusive.</param>
/// <param name="Dependencies">The last dots of the changes that nobody else listed follows, ascending by replica, without the author's own previous change.</param>
/// <param name="Timestamp">When it was written, by its author's hybrid clock.</param>
/// <param name="BodyBytes">The length of the body; 0 for a change that only joins heads.</param>
/// <param name="Owner">Whose seals count on this feed: named by the feed's first change, and by no other.</param>
internal sealed record ChangeHeader(ReplicaId Replica, ulong First, int Count, Dot[] Dependencies, HybridTimestamp Timestamp, int BodyBytes, PublicKey? Owner = null)
{
    /// <summary>Which part of the database the feed's changes are of, for partial replication; null for the default one, the only one that this version takes in.</summary>
    public UInt128? Scope { get => _spans?.Scope; init => _spans = value is null && Commit is null ? null : new(value, Commit); }

    /// <summary>What the changes of one commit have in common that spans scopes; null for one that stands alone, as all do that this version writes.</summary>
    public UInt128? Commit { get => _spans?.Commit; init => _spans = value is null && Scope is null ? null : new(Scope, value); }

    // Apart, since no change of this version has either: as fields they are most of a header.
    private readonly Spans? _spans;

    private sealed record Spans(UInt128? Scope, UInt128? Commit);

    /// <summary>The format version that is written. It is frozen: what it means never changes, and each later version reads it.</summary>
    public const int FormatVersion = 1;

    /// <summary>The dot of the last operation, which names the change within its feed.</summary>
    public Dot Last => new(Replica, First + (ulong)Count - 1);
}
