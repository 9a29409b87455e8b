namespace Edge.Sync.Benchmarks.Cqrs;

/// <summary>What a machine reports.</summary>
[EdgeEvent("press-event")]
public abstract partial record PressEvent
{
    [EdgeEvent("made")]
    public sealed partial record Made(int Pieces, string Shift) : PressEvent;
}

/// <summary>Adds up pieces by shift.</summary>
public sealed class Pieces : IProject<PressEvent>
{
    public static string Name => "pieces";

    public static int Version => 1;

    public void CreateTables(ProjectionWriter sql) => sql.Execute($"CREATE TABLE {sql.Table("pieces")} (shift TEXT PRIMARY KEY, pieces INTEGER NOT NULL)");

    public void Apply(in ProjectionContext context, PressEvent item, ProjectionWriter sql)
    {
        if (item is PressEvent.Made made)
            sql.Execute($"INSERT INTO {sql.Table("pieces")} VALUES ({made.Shift}, {made.Pieces}) ON CONFLICT DO UPDATE SET pieces = pieces + excluded.pieces");
    }
}

/// <summary>The same, and where the last of a shift were made, which does not commute.</summary>
public sealed class LastPieces : IProject<PressEvent>
{
    public static string Name => "last_pieces";

    public static int Version => 1;

    public static bool Ordered => true;

    public void CreateTables(ProjectionWriter sql) => sql.Execute($"CREATE TABLE {sql.Table("last_pieces")} (shift TEXT PRIMARY KEY, pieces INTEGER NOT NULL, press TEXT NOT NULL)");

    public void Apply(in ProjectionContext context, PressEvent item, ProjectionWriter sql)
    {
        if (item is PressEvent.Made made)
            sql.Execute($"INSERT INTO {sql.Table("last_pieces")} VALUES ({made.Shift}, {made.Pieces}, {context.Stream}) ON CONFLICT DO UPDATE SET pieces = pieces + excluded.pieces, press = excluded.press");
    }
}

/// <summary>What an event is about.</summary>
[EdgeDocument("press")]
public partial class Press
{
    public partial string Name { get; set; }
    public partial Counter Pieces { get; }
}
