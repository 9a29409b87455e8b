namespace Edge.Sync;

/// <summary>How a projection is doing.</summary>
public enum ProjectionState
{
    /// <summary>Its tables have all events that are committed.</summary>
    Current,

    /// <summary>Its tables are being made, or are catching up; the old ones, if there are any, serve meanwhile.</summary>
    Building,

    /// <summary>It threw. Its tables stay as they were before the commit that it failed at; edits and sync go on.</summary>
    Stopped,
}

/// <summary>How a projection is doing.</summary>
/// <param name="Name">The projection.</param>
/// <param name="Version">The version that the app has added.</param>
/// <param name="TableVersion">The version whose tables can be read; 0 while there are none.</param>
/// <param name="State">How it is doing.</param>
/// <param name="Error">Why it stopped, and what to do; null where it has not.</param>
public sealed record ProjectionStatus(string Name, int Version, int TableVersion, ProjectionState State, EdgeProjectionException? Error);

/// <summary>How far the making of a projection's tables is.</summary>
/// <param name="Name">The projection.</param>
/// <param name="FoldedCount">How many events are folded.</param>
/// <param name="TotalCount">How many there are; may grow meanwhile.</param>
public readonly record struct ProjectionProgress(string Name, long FoldedCount, long TotalCount);
