using Edge.Sync.Storage;

namespace Edge.Sync.Projections.ReadModels;

/// <summary>One projection of the app's, while its database is open.</summary>
internal sealed class AppProjection
{
    private readonly Action<ProjectionWriter> _createTables;

    public AppProjection(ProjectionRegistration registration)
    {
        Registration = registration;
        (var events, _createTables) = registration.Create();
        Folds = events.Folds;
    }

    public ProjectionRegistration Registration { get; }

    public string Name => Registration.Name;

    /// <summary>What folds the events of each collection.</summary>
    public IReadOnlyDictionary<string, EventFold> Folds { get; }

    /// <summary>What the file says of it.</summary>
    public ProjectionRow Row { get; set; } = ProjectionRow.None;

    /// <summary>Writes the tables that serve; null where there are none of this version.</summary>
    public ProjectionWriter? Tables { get; set; }

    /// <summary>What is being made; null where the tables are current, or it is stopped.</summary>
    public ProjectionBuild? Build { get; set; }

    /// <summary>What is to be done in the next transaction.</summary>
    public ProjectionTask Due { get; set; }

    /// <summary>Takes back what was written into the tables that serve; null where that cannot be, or need not.</summary>
    public UndoTables? Undo { get; set; }

    /// <summary>Why it is stopped.</summary>
    public EdgeProjectionException? Error { get; set; }

    /// <summary>Of an ordered one, the last event that is folded, in order; null while that is not known.</summary>
    public StoredEvent? Last { get; set; }

    /// <summary>Makes its tables, empty, under the names that <paramref name="sql"/> gives them.</summary>
    public void CreateTables(ProjectionWriter sql)
    {
        sql.IsCreating = true;
        try { _createTables(sql); }
        finally { sql.IsCreating = false; }
    }

    public void Dispose()
    {
        Tables?.Dispose();
        Build?.Dispose(Tables);
        Undo?.Dispose();
        (Tables, Build, Last, Undo) = (null, null, null, null);
    }
}

/// <summary>What a projection needs.</summary>
internal enum ProjectionTask { None, CatchUp, Resume, Start }

/// <summary>Tables that do not have all events yet.</summary>
/// <param name="Writer">Writes them.</param>
/// <param name="IsShadow">Whether they are made beside those that serve; else these catch up.</param>
internal sealed record ProjectionBuild(ProjectionWriter Writer, bool IsShadow)
{
    /// <summary>The last event that is folded, by arrival.</summary>
    public long Position { get; set; }

    /// <summary>The last event that is folded, in order.</summary>
    public StoredEvent? Last { get; set; }

    /// <summary>For an ordered one, the positions of the events that come next, in order, up to <see cref="AheadLast"/>; empty where that is to be looked for.</summary>
    public Queue<long> Ahead { get; } = [];

    public StoredEvent? AheadLast { get; set; }

    public long FoldedCount { get; set; }

    /// <summary>Records what is written; null where that could not be taken back, or need not.</summary>
    public UndoTables? Undo { get; init; }

    /// <summary>Whether what is folded from here on is kept with what takes it back.</summary>
    public bool IsKept { get; set; }

    public long TotalCount { get; set; }

    public void Dispose(ProjectionWriter? serving)
    {
        if (Writer != serving) Writer.Dispose();
        Undo?.Dispose();
    }
}
