using Edge.Sync.Storage;

namespace Edge.Sync.Series;

/// <summary>The writer's side of series: appends points to the journal, packs them into blocks, lets them grow old. Called from the writer only, outside of its transactions.</summary>
/// <remarks>
/// Every commit writes one row of the journal. Once that has <see cref="JournalPointsMax"/> points or <see cref="JournalEntriesMax"/> rows, the same transaction packs all of it: so what is committed is whole at any moment, and
/// nothing has to be done at a shutdown. Points of a key that come after later ones are merged into the block that is there for their time.
/// </remarks>
internal sealed class SeriesStore(SqliteStore store, TimeProvider clock) : IDisposable
{
    /// <summary>Packing so many takes some milliseconds, in which edits wait; a tenth of a second where they are of 10,000 keys, since each has a block of its own.</summary>
    public const int JournalPointsMax = 16_384;

    /// <summary>Who reads a series reads its journal.</summary>
    public const int JournalEntriesMax = 2048;

    private readonly Dictionary<string, SeriesState> _series = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SqliteStatement> _statements = [];

    /// <summary>Appends batches in order, all of them or none.</summary>
    /// <exception cref="EdgeStorageException">Nothing was appended.</exception>
    /// <exception cref="EdgeDataException">A series would have too many keys; nothing was appended.</exception>
    public void Commit(IReadOnlyList<SeriesBatch> batches)
    {
        InTransaction(() =>
        {
            for (var i = 0; i < batches.Count;)
            {
                // Those of one kind that follow each other share a row.
                var end = i + 1;
                var count = batches[i].Count;
                while (end < batches.Count && batches[end].Series == batches[i].Series && batches[end].Shape == batches[i].Shape && batches[end].Options == batches[i].Options && count < JournalPointsMax)
                    count += batches[end++].Count;
                Append([.. batches.Skip(i).Take(end - i)], count);
                i = end;
            }
        });
        store.Checkpointer.OnCommitted();
    }

    /// <summary>Makes all that is committed survive a power cut.</summary>
    /// <exception cref="EdgeStorageException">The medium failed.</exception>
    public void Flush()
    {
        store.Guarded(() =>
        {
            SqliteStore.Execute(store.Connection, "PRAGMA synchronous = FULL");
            try { SqliteStore.InTransaction(store.Connection, () => SqliteStore.WriteMeta(store.Connection, "flushed", clock.GetUtcNow().UtcTicks)); }
            finally { SqliteStore.Execute(store.Connection, "PRAGMA synchronous = NORMAL"); }
            return true;
        });
    }

    /// <summary>Removes blocks and entries that are not what was written. Returns how many.</summary>
    public int RemoveDamaged()
    {
        if (!store.Guarded(() => SeriesTables.Exist(store.Connection))) return 0;
        var removed = 0;
        InTransaction(() =>
        {
            var damaged = SeriesCheck.FindDamaged(store.Connection);
            foreach (var (table, row) in damaged)
                SqliteStore.Execute(store.Connection, $"DELETE FROM {table} WHERE rowid = {row.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
            removed = damaged.Count;
        });
        // What is known of series counted them.
        _series.Clear();
        return removed;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
    }

    /// <summary>Ready to be bound.</summary>
    public SqliteStatement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement)) _statements.Add(sql, statement = new(store.Connection, sql));
        return statement;
    }

    public DateTimeOffset Now => clock.GetUtcNow();

    private void Append(List<SeriesBatch> batches, int count)
    {
        var state = StateOf(batches[0].Series);
        var (shape, options) = (batches[0].Shape, batches[0].Options);
        var shapeId = ShapeIdOf(state, shape);
        long KeyOf(string name) => this.KeyOf(state, name, options);
        if (state.Points + count < JournalPointsMax && state.Entries + 1 < JournalEntriesMax)
        {
            Prepare("INSERT INTO edge_series_journal (series, shape, points, bytes) VALUES (?1, ?2, ?3, ?4)").Bind(1, state.Id).Bind(2, shapeId).Bind(3, count).Bind(4, SeriesJournal.Write(batches, KeyOf)).Run();
            state.Points += count;
            state.Entries++;
            return;
        }
        // Blocks may be written again: what another version of the struct had in them stays.
        shape = state.Union(shape);
        shapeId = ShapeIdOf(state, shape);
        var fresh = new Dictionary<long, PointColumns>();
        ReadJournal(state, shape, fresh);
        foreach (var batch in batches)
            SeriesJournal.Read(batch, shape, KeyOf, fresh);
        Prepare("DELETE FROM edge_series_journal WHERE series = ?1").Bind(1, state.Id).Run();
        state.Points = state.Entries = 0;
        var blocks = new SeriesBlocks(this, state, shape, shapeId);
        foreach (var (key, points) in fresh.OrderBy(static run => run.Key))
            blocks.Insert(key, 0, points.InOrder());
        if (new SeriesRetention(this, state, shape, options, blocks).Run()) RemoveUnusedKeys(state);
    }

    private void ReadJournal(SeriesState state, SeriesShape shape, Dictionary<long, PointColumns> points)
    {
        var read = Prepare("SELECT shape, bytes FROM edge_series_journal WHERE series = ?1 ORDER BY entry").Bind(1, state.Id);
        try
        {
            while (read.Step())
                SeriesJournal.Read(read.Blob(1), state.ShapeOf(read.Int64(0)), shape, null, points);
        }
        finally { read.Reset(); }
    }

    private long KeyOf(SeriesState state, string name, SeriesOptions options)
    {
        if (state.Keys.TryGetValue(name, out var key)) return key;
        if (state.Keys.Count >= options.KeysMax)
            throw new EdgeDataException($"A series has {options.KeysMax} keys at most, and '{name}' would be one more. Raise SeriesOptions.KeysMax, or use fewer keys. Nothing was appended.", "series.key", code: EdgeErrorCode.LimitExceeded);
        return state.Keys[name] = Insert(Prepare("INSERT INTO edge_series_keys (series, name) VALUES (?1, ?2) RETURNING key").Bind(1, state.Id).Bind(2, name));
    }

    private long ShapeIdOf(SeriesState state, SeriesShape shape)
    {
        if (state.ShapeIds.TryGetValue(shape.Text, out var id)) return id;
        id = Insert(Prepare("INSERT INTO edge_series_shapes (series, columns) VALUES (?1, ?2) RETURNING shape").Bind(1, state.Id).Bind(2, shape.Text));
        state.Shapes.Add(id, shape);
        return state.ShapeIds[shape.Text] = id;
    }

    // A machine that is gone leaves nothing behind once its points are gone. The journal is empty here.
    private void RemoveUnusedKeys(SeriesState state)
    {
        var find = Prepare("SELECT name, key FROM edge_series_keys k WHERE series = ?1 AND NOT EXISTS (SELECT 1 FROM edge_series_blocks b WHERE b.key = k.key)").Bind(1, state.Id);
        var unused = new List<(string Name, long Key)>();
        try
        {
            while (find.Step()) unused.Add((find.WholeText(0), find.Int64(1)));
        }
        finally { find.Reset(); }
        foreach (var (name, key) in unused)
        {
            Prepare("DELETE FROM edge_series_keys WHERE key = ?1").Bind(1, key).Run();
            state.Keys.Remove(name);
        }
    }

    private SeriesState StateOf(string name)
    {
        if (_series.TryGetValue(name, out var known)) return known;
        // Most files have no series.
        if (_series.Count == 0) SqliteStore.Execute(store.Connection, SeriesTables.CreateSql);
        var find = Prepare("SELECT series FROM edge_series WHERE name = ?1").Bind(1, name);
        long? id;
        try { id = find.Step() ? find.Int64(0) : null; }
        finally { find.Reset(); }
        var state = new SeriesState(id ?? Insert(Prepare("INSERT INTO edge_series (name) VALUES (?1) RETURNING series").Bind(1, name)));
        Read("SELECT key, name FROM edge_series_keys WHERE series = ?1", state, static (row, state) => state.Keys.Add(row.WholeText(1), row.Int64(0)));
        Read("SELECT shape, columns FROM edge_series_shapes WHERE series = ?1", state, static (row, state) =>
        {
            state.Shapes.Add(row.Int64(0), SeriesShape.Parse(row.WholeText(1)));
            state.ShapeIds.Add(row.WholeText(1), row.Int64(0));
        });
        Read("SELECT count(*), coalesce(sum(points), 0) FROM edge_series_journal WHERE series = ?1", state, static (row, state) => (state.Entries, state.Points) = ((int)row.Int64(0), (int)row.Int64(1)));
        Read("SELECT bucket, sum(length(bytes)) FROM edge_series_blocks WHERE series = ?1 GROUP BY bucket", state, static (row, state) => state.Bytes.Add(row.Int64(0), row.Int64(1)));
        Read("SELECT coalesce(max(first), 0) FROM edge_series_blocks WHERE series = ?1 AND bucket = 0", state, static (row, state) => state.Newest = row.Int64(0));
        return _series[name] = state;
    }

    private void Read(string sql, SeriesState state, Action<SqliteStatement, SeriesState> read)
    {
        var statement = Prepare(sql).Bind(1, state.Id);
        try
        {
            while (statement.Step()) read(statement, state);
        }
        finally { statement.Reset(); }
    }

    private static long Insert(SqliteStatement statement)
    {
        try
        {
            statement.Step();
            return statement.Int64(0);
        }
        finally { statement.Reset(); }
    }

    private void InTransaction(Action work)
    {
        try
        {
            SqliteStatement.SetPatience(store.Connection);
            Prepare("BEGIN IMMEDIATE").Run();
            work();
            Prepare("COMMIT").Run();
        }
        catch (Exception e)
        {
            _series.Clear();
            if (SQLitePCL.raw.sqlite3_get_autocommit(store.Connection.Handle) == 0) SQLitePCL.raw.sqlite3_exec(store.Connection.Handle, "ROLLBACK");
            if (e is EdgeDataException { Code: not EdgeErrorCode.LimitExceeded }) throw SqliteErrors.ForeignValue(e, store.Path);
            if (SqliteErrors.TryTranslate(e, store.Path, out var error)) throw error;
            throw;
        }
    }
}
