using Edge.Sync.Tests.Events;

namespace Edge.Sync.Tests.Projections.ReadModels;

/// <summary>Does not commute, and writes in every way that a projection may: what takes that back must put every row where it was.</summary>
public sealed class Ledger : IProject<Ticked>
{
    public static string Name => "ledger";

    public static int Version => 1;

    public static bool Ordered => true;

    public void CreateTables(ProjectionWriter sql)
    {
        sql.Execute($"CREATE TABLE {sql.Table("ledger")} (number INTEGER, note, real REAL, bytes BLOB, twice AS (number * 2), \"odd name\" TEXT DEFAULT 'd')");
        sql.Execute($"CREATE UNIQUE INDEX {sql.Index("ledger_number")} ON {sql.Table("ledger")} (number)");
        sql.Execute($"CREATE TABLE {sql.Table("slots")} (slot INTEGER PRIMARY KEY, number INTEGER UNIQUE, taken INTEGER)");
        sql.Execute($"CREATE TABLE {sql.Table("lines")} (text, n)");
        sql.Execute($"CREATE TABLE {sql.Table("named")} (name TEXT PRIMARY KEY, n REAL)");
        sql.Execute($"CREATE TABLE {sql.Table("pairs")} (left TEXT COLLATE NOCASE, right INTEGER, count INTEGER, PRIMARY KEY (left, right)) WITHOUT ROWID");
    }

    public void Apply(in ProjectionContext context, Ticked item, ProjectionWriter sql)
    {
        var n = item.Number;
        sql.Execute($"INSERT OR REPLACE INTO {sql.Table("ledger")} (number, note, real, bytes) VALUES ({n % 17}, {$"note {n}\0behind"}, {n / 3.0}, {new byte[] { 1, 0, (byte)n }})");
        if (n % 5 == 0) sql.Execute($"UPDATE {sql.Table("ledger")} SET note = note || '+', bytes = NULL WHERE number < {n % 17}");
        if (n % 7 == 0) sql.Execute($"DELETE FROM {sql.Table("ledger")} WHERE number = {(n + 3) % 17}");
        if (n % 31 == 0) sql.Execute($"DELETE FROM {sql.Table("slots")}");
        // Rows whose names change, and others that give way to them.
        sql.Execute($"UPDATE OR REPLACE {sql.Table("slots")} SET slot = slot + 1 WHERE slot >= {n % 6}");
        var taken = sql.Read($"SELECT count(*) FROM {sql.Table("slots")}") as long? ?? 0;
        sql.Execute($"REPLACE INTO {sql.Table("slots")} VALUES ({n % 6}, {n % 11}, {taken})");
        sql.Execute($"INSERT INTO {sql.Table("lines")} VALUES ({$"line {n % 4}"}, {n % 3 == 0})");
        if (n % 9 == 0) sql.Execute($"DELETE FROM {sql.Table("lines")} WHERE rowid = (SELECT min(rowid) FROM {sql.Table("lines")})");
        sql.Execute($"UPDATE {sql.Table("named")} SET n = n / 3 WHERE name IS NULL");
        if (n % 4 == 0) sql.Execute($"INSERT INTO {sql.Table("named")} VALUES (NULL, {n})");
        else sql.Execute($"REPLACE INTO {sql.Table("named")} VALUES ({(n % 5).ToString(System.Globalization.CultureInfo.InvariantCulture)}, {n})");
        if (n % 12 == 0) sql.Execute($"DELETE FROM {sql.Table("named")} WHERE name IS NULL AND n < 0.1");
        sql.Execute($"INSERT INTO {sql.Table("pairs")} VALUES ({"abABc"[n % 5].ToString()}, {n % 3}, 1) ON CONFLICT DO UPDATE SET count = count + 1");
        if (n % 13 == 0) sql.Execute($"UPDATE OR REPLACE {sql.Table("pairs")} SET left = left || 'x' WHERE right = {n % 3} AND length(left) < 4");
    }
}

/// <summary>Numbers rows by a counter that cannot be taken back, so it is always folded from the first event.</summary>
public sealed class Numbered : IProject<Ticked>
{
    public static string Name => "numbered";

    public static int Version => 1;

    public static bool Ordered => true;

    public void CreateTables(ProjectionWriter sql) => sql.Execute($"CREATE TABLE {sql.Table("numbered")} (row INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER)");

    public void Apply(in ProjectionContext context, Ticked item, ProjectionWriter sql) => sql.Execute($"INSERT INTO {sql.Table("numbered")} (number) VALUES ({item.Number})");
}

/// <summary>Counts how often it is asked, over all databases of a test, which must be the only one that uses it.</summary>
public sealed class Counting : IProject<Ticked>
{
    private static int s_count;

    public static string Name => "counting";

    public static int Version => 1;

    public static bool Ordered => true;

    /// <summary>A number at which it throws, once another one was folded before.</summary>
    public static (int Number, int Behind)? Throws { get; set; }

    public static int TakeCount() => Interlocked.Exchange(ref s_count, 0);

    public void CreateTables(ProjectionWriter sql) => sql.Execute($"CREATE TABLE {sql.Table("counting")} (place INTEGER PRIMARY KEY, number INTEGER NOT NULL)");

    public void Apply(in ProjectionContext context, Ticked item, ProjectionWriter sql)
    {
        Interlocked.Increment(ref s_count);
        if (Throws is { } throws && throws.Number == item.Number && sql.Read($"SELECT 1 FROM {sql.Table("counting")} WHERE number = {throws.Behind}") is not null) throw new FormatException("as asked for");
        sql.Execute($"INSERT INTO {sql.Table("counting")} (number) VALUES ({item.Number})");
    }
}
