namespace Edge.Sync;

/// <summary>What a repair has saved and what it could not.</summary>
public sealed class RepairReport
{
    internal RepairReport() { }

    /// <summary>The repaired file: a new replica of the same database, with all changes that were saved.</summary>
    public required string Path { get; init; }

    /// <summary>Where the damaged file is kept, untouched. Delete it once you need it no more.</summary>
    public required string DamagedPath { get; init; }

    /// <summary>Changes that are whole, each with all that it follows: they are in the repaired file, and are offered to peers like all others.</summary>
    public required long SavedCount { get; init; }

    /// <summary>Those of them that the damaged file's own replica had written.</summary>
    public required long SavedOwnCount { get; init; }

    /// <summary>Those of the own ones that have no seal and could not get one, since the device key is not in the file. They stay on this device.</summary>
    public required long UnsealedCount { get; init; }

    /// <summary>Changes that were found but follow one that was not: they are in <see cref="StrandedPath"/>.</summary>
    public required long StrandedCount { get; init; }

    /// <summary>A file with those changes, one a line, as <c>edge-sync export</c> writes them; null where there are none. Import it once the repaired file has met a peer that has what they follow.</summary>
    public required string? StrandedPath { get; init; }

    /// <summary>What looked like a change but has not the bytes that its id was made of.</summary>
    public required long DamagedCount { get; init; }

    /// <summary>Feeds whose end, as the damaged file noted it, was not reached, with how far they were saved and how far they went. What is missing may still be with a peer.</summary>
    public required IReadOnlyList<FeedLoss> Losses { get; init; }

    /// <summary>The documents of the repaired file.</summary>
    public required long DocumentCount { get; init; }

    /// <summary>The points of series, and buckets of them, in the repaired file. What could not be read of them is nowhere else.</summary>
    public required long PointCount { get; init; }

    /// <summary>Whether SQLite could still read the whole log, and nothing of what it holds is missing.</summary>
    public bool IsComplete => StrandedCount == 0 && DamagedCount == 0 && Losses.Count == 0;
}
