namespace Edge.Sync.LogModel.Model;

internal enum ChangeKind : byte
{
    /// <summary>An edit of the document.</summary>
    Edit,

    /// <summary>Body-less: joins the heads that its author holds, and so says in the log what its author has.</summary>
    Acknowledge,

    /// <summary>A record: a feed is out beyond a counter.</summary>
    Expel,

    /// <summary>A record: a change is void.</summary>
    Reject,

    /// <summary>A record: the stamps of a feed are capped.</summary>
    CapClock,
}

/// <summary>One log entry. Its id is a hash over its content and the ids before it, so it commits to its whole past.</summary>
internal sealed class Change
{
    /// <summary>Its number in the <see cref="Universe"/>. A bijection with <see cref="Id"/> there; never hashed.</summary>
    public required int Index { get; init; }

    public required UInt128 Id { get; init; }

    /// <summary>The replica whose feed it is in, and its place there, from 1. One operation a change.</summary>
    public required int Feed { get; init; }

    public required int Counter { get; init; }

    public required ChangeKind Kind { get; init; }

    public required Operation Operation { get; init; }

    /// <summary>Which act of a user this is. A re-issue has the act of what it replaces: the model's knowledge, not in the hash.</summary>
    public required int Edit { get; init; }

    /// <summary>The first change of which this one is a re-issue; -1 for a change that is none, or does not say.</summary>
    public required int Origin { get; init; }

    /// <summary>Expel: the feed that is out; Reject: the change that is void; CapClock: the feed.</summary>
    public required int Subject { get; init; }

    /// <summary>Expel: the last counter that counts. CapClock: the greatest stamp.</summary>
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
