using Edge.Sync.Storage;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Projections.ReadModels;

/// <summary>The last events that ordered projections have folded, in order, each with what takes back what it wrote. Used by the writer only, inside transactions.</summary>
/// <remarks>
/// Invariants: a projection either has no rows here, and nothing can be taken back, or its first row is a mark without anything to take back, and all events that it has folded behind that place have a row each.
/// Behind the mark there are at most a quarter more than <see cref="KeptCount"/>.
/// </remarks>
internal sealed class FoldJournal(SqliteConnection connection, int keptCount) : IDisposable
{
    /// <summary>How many events can be taken back, where nothing else is said.</summary>
    public const int DefaultCount = 4096;

    public const string Table = "edge_fold_journal";

    private const string Place = "(depth, time, replica, counter)";

    // Before all: an event's depth is at least 0.
    private static readonly StoredEvent s_beforeAll = new(0, default, ulong.MaxValue, default, default, default);

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private SqliteStatement? _add, _first, _count, _readBehind, _removeBehind, _clear;
    private bool? _exists;

    /// <summary>So many events can be taken back at least. All of that may happen in one commit.</summary>
    public int KeptCount => keptCount;

    /// <summary>Begins anew: what is folded from now on can be taken back.</summary>
    /// <param name="name">The projection.</param>
    /// <param name="last">The last event that it has folded, in order; null for none.</param>
    public void Begin(string name, in StoredEvent? last)
    {
        if (!Exists())
        {
            using var create = connection.CreateCommand();
            create.CommandText = $"CREATE TABLE {Table} (name TEXT, depth INTEGER, time INTEGER, replica BLOB, counter INTEGER, position INTEGER NOT NULL, undo BLOB, PRIMARY KEY (name, depth, time, replica, counter)) WITHOUT ROWID";
            create.ExecuteNonQuery();
            _exists = true;
        }
        Clear(name);
        Bind(AddRow, name, last ?? s_beforeAll).Bind(6, (last ?? s_beforeAll).Position).BindValue(7, null).Run();
        _counts[name] = 0;
    }

    /// <summary>Forgets what a projection has folded.</summary>
    public void Clear(string name)
    {
        if (!Exists()) return;
        (_clear ??= new(connection, $"DELETE FROM {Table} WHERE name = ?1")).Bind(1, name).Run();
        _counts.Remove(name);
    }

    /// <summary>Whether anything of a projection could be taken back.</summary>
    public bool IsKept(string name) => _counts.ContainsKey(name) || Covers(name, null);

    /// <summary>Whether all can be taken back that a projection has folded from an event's place on.</summary>
    public bool Covers(string name, in StoredEvent? place)
    {
        if (!Exists()) return false;
        var statement = _first ??= new(connection, $"SELECT undo IS NULL AND (?2 IS NULL OR {Place} < (?2, ?3, ?4, ?5)) FROM {Table} WHERE name = ?1 ORDER BY depth, time, replica, counter LIMIT 1");
        try
        {
            if (place is { } event_) Bind(statement, name, event_);
            else statement.Bind(1, name).BindValue(2, null).BindValue(3, null).BindValue(4, null).BindValue(5, null);
            return statement.Step() && statement.Int64(0) != 0;
        }
        finally { statement.Reset(); }
    }

    /// <summary>Takes the next event that was folded.</summary>
    public void Add(string name, in StoredEvent item, ReadOnlySpan<byte> undo)
    {
        Bind(AddRow, name, item).Bind(6, item.Position).Bind(7, undo).Run();
        var count = CountOf(name) + 1;
        _counts[name] = count;
        if (count > KeptCount + (KeptCount / 4)) Trim(name);
    }

    /// <summary>The events from a place on, the newest first, with what takes them back.</summary>
    public List<(long Position, byte[] Undo)> ReadFrom(string name, in StoredEvent place)
    {
        var result = new List<(long, byte[])>();
        var statement = Bind(_readBehind ??= new(connection, $"SELECT position, undo FROM {Table} WHERE name = ?1 AND {Place} >= (?2, ?3, ?4, ?5) ORDER BY depth DESC, time DESC, replica DESC, counter DESC"), name, place);
        try
        {
            while (statement.Step())
                result.Add((statement.Int64(0), statement.Blob(1).ToArray()));
            return result;
        }
        finally { statement.Reset(); }
    }

    /// <summary>Forgets the events from a place on.</summary>
    public void RemoveFrom(string name, in StoredEvent place)
    {
        Bind(_removeBehind ??= new(connection, $"DELETE FROM {Table} WHERE name = ?1 AND {Place} >= (?2, ?3, ?4, ?5)"), name, place).Run();
        _counts.Remove(name);
    }

    /// <summary>Forgets what it knows of the file, after a transaction was rolled back.</summary>
    public void Reload()
    {
        _counts.Clear();
        _exists = null;
        Dispose();
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement?[])[_add, _first, _count, _readBehind, _removeBehind, _clear])
            statement?.Dispose();
        (_add, _first, _count, _readBehind, _removeBehind, _clear) = (null, null, null, null, null, null);
    }

    /// <summary>The oldest of those that stay becomes the mark.</summary>
    private void Trim(string name)
    {
        using var find = new SqliteStatement(connection, $"SELECT depth, time, replica, counter FROM {Table} WHERE name = ?1 ORDER BY depth DESC, time DESC, replica DESC, counter DESC LIMIT 1 OFFSET {KeptCount}");
        if (!find.Bind(1, name).Step()) throw new System.Diagnostics.UnreachableException("Fewer events are kept than were counted.");
        var (depth, time, replica, counter) = (find.Int64(0), find.Int64(1), find.Blob(2).ToArray(), find.Int64(3));
        find.Reset();
        foreach (var sql in (string[])[$"DELETE FROM {Table} WHERE name = ?1 AND {Place} < (?2, ?3, ?4, ?5)", $"UPDATE {Table} SET undo = NULL WHERE name = ?1 AND {Place} = (?2, ?3, ?4, ?5)"])
        {
            using var statement = new SqliteStatement(connection, sql);
            statement.Bind(1, name).Bind(2, depth).Bind(3, time).Bind(4, replica).Bind(5, counter).Run();
        }
        _counts[name] = KeptCount;
    }

    private SqliteStatement AddRow => _add ??= new(connection, $"INSERT INTO {Table} (name, depth, time, replica, counter, position, undo) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");

    private int CountOf(string name)
    {
        if (_counts.TryGetValue(name, out var known)) return known;
        var statement = _count ??= new(connection, $"SELECT count(*) FROM {Table} WHERE name = ?1 AND undo IS NOT NULL");
        try { return statement.Bind(1, name).Step() ? (int)statement.Int64(0) - 1 : 0; }
        finally { statement.Reset(); }
    }

    private bool Exists()
    {
        if (_exists is { } known) return known;
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '{Table}'";
        return (_exists = command.ExecuteScalar() is 1L).Value;
    }

    private static SqliteStatement Bind(SqliteStatement statement, string name, in StoredEvent place)
    {
        Span<byte> replica = stackalloc byte[ReplicaId.SizeBytes];
        place.Dot.Replica.WriteTo(replica);
        // ulong.MaxValue is -1 here: the mark before all.
        return statement.Bind(1, name).Bind(2, (long)place.Depth).Bind(3, EventRow.ToSorted(place.Stamp)).Bind(4, replica).Bind(5, (long)place.Dot.Counter);
    }
}
