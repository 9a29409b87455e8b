namespace Edge.Sync.LogModel.Model;

/// <summary>One replica's file: what a copy copies and a restored backup rolls back.</summary>
internal sealed record ReplicaFile
{
    /// <summary>The feed that this file writes.</summary>
    public required int Self { get; init; }

    /// <summary>The last change that this file wrote, in whichever feed; -1 for none that it goes on from.</summary>
    public int Head { get; init; } = -1;

    /// <summary>The headers held: those of the fold and those above it.</summary>
    public required ChangeSet Held { get; init; }

    public required Fold Fold { get; init; }

    /// <summary>What a power cut takes.</summary>
    public ChangeSet Unsynced { get; init; } = ChangeSet.Empty;

    /// <summary>Edits that came too late to be in the log, kept for their author to see: not counted, not acknowledged, not relayed.</summary>
    public ChangeSet Aside { get; init; } = ChangeSet.Empty;

    /// <summary>The last saying of each member that was heard, by feed: only the older rules of stability use it.</summary>
    public IReadOnlyList<Saying> Sayings { get; init; } = [];

    /// <summary>Feeds that this replica takes for ended by its own clock: only without the rule that a record ends a lease.</summary>
    public ChangeSet Expired { get; init; } = ChangeSet.Empty;

    /// <summary>Documents of which this file has no bytes any more.</summary>
    public ChangeSet Erased { get; init; } = ChangeSet.Empty;

    public ChangeSet AboveFold => Held.Except(Fold.Changes);

    public void AddTo(ref StateHash hash)
    {
        hash.Add(Self);
        hash.Add(Head);
        hash.Add(Erased.Hash);
        hash.Add(Held.Hash);
        hash.Add(Fold.Changes.Hash);
        hash.Add(Fold.Voids.Hash);
        hash.Add(Fold.Edits.Hash);
        hash.Add(Fold.Document.Visible);
        hash.Add(Unsynced.Hash);
        hash.Add(Aside.Hash);
        hash.Add(Expired.Hash);
        foreach (var saying in Sayings)
        {
            hash.Add(saying.Giver);
            hash.Add(saying.OwnLast);
            hash.Add(saying.Held.Hash);
        }
    }
}

/// <summary>An acknowledgement that is a message: what its giver held, and how far its own feed had come.</summary>
internal readonly record struct Saying(int Giver, int OwnLast, ChangeSet Held);
