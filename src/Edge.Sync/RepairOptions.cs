namespace Edge.Sync;

/// <summary>How a damaged file is repaired.</summary>
public sealed record RepairOptions
{
    /// <summary>The name of the database, for a file that can no longer say it itself.</summary>
    /// <value>The default is <c>default</c>. It is ignored where the file says its name.</value>
    public string Name { get; init; } = "default";

    /// <summary>The database's pairing key, for a file that can no longer say which database it is of.</summary>
    /// <value>The default is empty. It is ignored where the file says it.</value>
    public ReadOnlyMemory<byte> PairingKey { get; init; }

    /// <summary>Gets the number of changes that have been saved so far.</summary>
    public IProgress<long>? Progress { get; init; }
}
