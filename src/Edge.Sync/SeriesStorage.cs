namespace Edge.Sync;

/// <summary>What one series takes of a database file.</summary>
public sealed class SeriesStorage
{
    internal SeriesStorage() { }

    /// <summary>The series.</summary>
    public required string Series { get; init; }

    /// <summary>Its keys.</summary>
    public required long KeyCount { get; init; }

    /// <summary>Its points as they came.</summary>
    public required long PointCount { get; init; }

    /// <summary>The buckets that older points became.</summary>
    public required long BucketCount { get; init; }

    /// <summary>What all of that takes, in bytes.</summary>
    public required long Bytes { get; init; }
}
