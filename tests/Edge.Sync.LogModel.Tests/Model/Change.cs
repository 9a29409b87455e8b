namespace Edge.Sync.LogModel.Model;

internal enum ChangeKind : byte
{
    /// <summary>An edit of the document.</summary>
    Edit,

    /// <summary>A record: its author accepts all that the change follows, and takes in nothing more that others might have folded without.</summary>
    Acknowledge,

    /// <summary>A record: a feed is out, with all that the record does not follow of it.</summary>
    Expel,

    /// <summary>A record: a change is void.</summary>
    Reject,

    /// <summary>A record: the stamps of a feed are capped.</summary>
    CapClock,

    /// <summary>A record: a document is erased for good.</summary>
    Purge,
}

/// <summary>One log entry. Its id is a hash over its content and the ids before it, so it commits to its whole past.</summary>
internal sealed class Change
{
    /// <summary>Its number in the <see cref="Universe"/>. A bijection with <see cref="Id"/> there; never hashed.</summary>
    public required int Index { get; init; }

    public required UInt128 Id { get; init; }

    /// <summary>The replica whose feed it is in, and its place there, from 1. One operation a change. Two changes of one place begin two branches.</summary>
    public required int Feed { get; init; }

    public required int Counter { get; init; }

    public required ChangeKind Kind { get; init; }

    public required Operation Operation { get; init; }

    /// <summary>The change that this one's file had written before it: of the same feed, or of the one that a fresh feed goes on from; -1 for none. Children of one change are branches.</summary>
    public required int Previous { get; init; }

    /// <summary>The feed in which the line of <see cref="Previous"/> begins: whose device this is.</summary>
    public required int Root { get; init; }

    /// <summary>Which act of a user this is.</summary>
    public required int Edit { get; init; }

    /// <summary>Expel, CapClock: the feed; Reject: the change that is void; Purge: the document.</summary>
    public required int Subject { get; init; }

    /// <summary>CapClock: the greatest stamp.</summary>
    public required int Bound { get; init; }

    /// <summary>Hybrid time.</summary>
    public required int Time { get; init; }

    /// <summary>1 + the greatest depth before it.</summary>
    public required int Depth { get; init; }

    /// <summary>Everything before it.</summary>
    public required ChangeSet Past { get; init; }

    public bool Follows(int other) => Past.Contains(other);

    public override string ToString() => $"{Universe.NameOf(Feed)}{Counter}{(Kind == ChangeKind.Acknowledge ? "ack" : "")}#{(uint)(Id >> 112):x4}";
}
