namespace Edge.Sync;

/// <summary>How a database is opened. Immutable once it is open.</summary>
public sealed record EdgeDatabaseOptions
{
    /// <summary>The SQLite file; made where it does not exist. One file is one replica.</summary>
    public required string Path { get; init; }

    /// <summary>The logical database that the file is a replica of. Files of one name (and pairing key) merge.</summary>
    /// <value>The default is <c>default</c>.</value>
    public string Name { get; init; } = "default";

    /// <summary>The clock.</summary>
    /// <value>The default is the system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
