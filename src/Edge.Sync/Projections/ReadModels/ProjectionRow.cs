namespace Edge.Sync.Projections.ReadModels;

/// <summary>What a file says of a projection.</summary>
/// <param name="Version">The version that made the tables that serve; 0 while there are none.</param>
/// <param name="Fold">The version of the log's fold that these events came from.</param>
/// <param name="Position">The last event by arrival that is in these tables.</param>
/// <param name="Tables">Their names.</param>
/// <param name="Generation">Counts the makings of tables: each has names of its own until it takes the place of the one before.</param>
internal sealed record ProjectionRow(int Version, int Fold, long Position, string[] Tables, long Generation)
{
    public static ProjectionRow None { get; } = new(0, 0, 0, [], 0);

    /// <summary>The version whose tables are being made; 0 for none.</summary>
    public int NextVersion { get; init; }

    /// <summary>The last event by arrival that is in the tables that are being made.</summary>
    public long NextPosition { get; init; }

    public string[] NextTables { get; init; } = [];

    /// <summary>Why it is stopped; null where it is not.</summary>
    public string? Error { get; init; }

    /// <summary>A name of a table while it is being made.</summary>
    public string NextName(string table) => $"edge_next{Generation}_{table}";
}
