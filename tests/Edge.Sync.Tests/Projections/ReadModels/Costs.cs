using Edge.Sync.Tests.Events;

namespace Edge.Sync.Tests.Projections.ReadModels;

/// <summary>Commutes: minutes by worker.</summary>
public class Costs : IProjection, IProject<JobEvent>
{
    public static string Name => "job_costs";

    public static int Version => 1;

    public virtual void CreateTables(ProjectionWriter sql)
    {
        sql.Execute($"CREATE TABLE {sql.Table("job_costs")} (worker TEXT PRIMARY KEY, minutes INTEGER NOT NULL)");
        sql.Execute($"CREATE INDEX {sql.Index("by_minutes")} ON {sql.Table("job_costs")} (minutes)");
    }

    public virtual void Apply(in ProjectionContext context, JobEvent item, ProjectionWriter sql)
    {
        if (item is JobEvent.Closed closed)
            sql.Execute($"INSERT INTO {sql.Table("job_costs")} VALUES ({closed.By}, {closed.Minutes}) ON CONFLICT DO UPDATE SET minutes = minutes + excluded.minutes");
    }
}

/// <summary>The next version: counts as well.</summary>
public sealed class CostsTwo : Costs, IProjection
{
    public static new int Version => 2;

    public override void CreateTables(ProjectionWriter sql) => sql.Execute($"CREATE TABLE {sql.Table("job_costs")} (worker TEXT PRIMARY KEY, minutes INTEGER NOT NULL, jobs INTEGER NOT NULL)");

    public override void Apply(in ProjectionContext context, JobEvent item, ProjectionWriter sql)
    {
        if (item is JobEvent.Closed closed)
            sql.Execute($"INSERT INTO {sql.Table("job_costs")} VALUES ({closed.By}, {closed.Minutes}, 1) ON CONFLICT DO UPDATE SET minutes = minutes + excluded.minutes, jobs = jobs + 1");
    }
}

/// <summary>Does not commute: the numbers of each stream in the order in which they are folded, and of all streams.</summary>
public sealed class Sequences : IProject<Ticked>
{
    public static string Name => "sequences";

    public static int Version => 1;

    public static bool Ordered => true;

    public void CreateTables(ProjectionWriter sql) => sql.Execute($"CREATE TABLE {sql.Table("sequences")} (stream TEXT PRIMARY KEY, numbers TEXT NOT NULL)");

    public void Apply(in ProjectionContext context, Ticked item, ProjectionWriter sql)
    {
        sql.Execute($"INSERT INTO {sql.Table("sequences")} VALUES ({context.Stream}, {item.Number}) ON CONFLICT DO UPDATE SET numbers = numbers || ' ' || excluded.numbers");
        sql.Execute($"INSERT INTO {sql.Table("sequences")} VALUES ('all', {item.Number}) ON CONFLICT DO UPDATE SET numbers = numbers || ' ' || excluded.numbers");
    }
}

/// <summary>Folds two collections, and reads what it has written.</summary>
public sealed class Tally : IProject<JobEvent>, IProject<Ticked>
{
    public static string Name => "tally";

    public static int Version => 1;

    public void CreateTables(ProjectionWriter sql) => sql.Execute($"CREATE TABLE {sql.Table("tally")} (what TEXT PRIMARY KEY, count INTEGER NOT NULL)");

    public void Subscribe(ProjectionEvents events) => events.Add<JobEvent>(this).Add<Ticked>(this);

    public void Apply(in ProjectionContext context, JobEvent item, ProjectionWriter sql) => Count(item.GetType().Name, sql);

    public void Apply(in ProjectionContext context, Ticked item, ProjectionWriter sql) => Count("Ticked", sql);

    private static void Count(string what, ProjectionWriter sql)
    {
        var count = sql.Read($"SELECT count FROM {sql.Table("tally")} WHERE what = {what}") as long? ?? 0;
        sql.Execute($"INSERT OR REPLACE INTO {sql.Table("tally")} VALUES ({what}, {count + 1})");
    }
}

/// <summary>Throws at what it cannot take.</summary>
public class Brittle : IProject<Ticked>
{
    public static string Name => "brittle";

    public static int Version => 1;

    public void CreateTables(ProjectionWriter sql) => sql.Execute($"CREATE TABLE {sql.Table("brittle")} (number INTEGER PRIMARY KEY)");

    public virtual void Apply(in ProjectionContext context, Ticked item, ProjectionWriter sql)
    {
        sql.Execute($"INSERT INTO {sql.Table("brittle")} VALUES ({item.Number})");
        if (item.Number < 0) throw new FormatException("negative");
    }
}

public sealed class BrittleTwo : Brittle, IProjection
{
    public static new int Version => 2;

    public override void Apply(in ProjectionContext context, Ticked item, ProjectionWriter sql)
    {
        if (item.Number >= 0) base.Apply(context, item, sql);
    }
}
