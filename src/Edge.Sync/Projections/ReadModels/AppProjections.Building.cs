using Edge.Sync.Storage;

namespace Edge.Sync.Projections.ReadModels;

/// <summary>Making tables: empty ones beside those that serve, all events in batches, and then in their place.</summary>
internal sealed partial class AppProjections
{
    // A multiple of the batch: a batch that is not full is the last one.
    private const int AheadCount = 64 * BatchCount;

    private const string ReadAtSql = $"SELECT {EventRow.Columns} FROM edge_events WHERE position = ?1";

    private void Begin(AppProjection projection, ProjectionTask task)
    {
        var row = projection.Row;
        if (task == ProjectionTask.CatchUp)
        {
            projection.Build = new(projection.Tables!, IsShadow: false) { Position = row.Position, TotalCount = Count(projection, row.Position) };
            return;
        }
        if (task == ProjectionTask.Resume)
        {
            projection.Build = new(new(_store.Connection, row.NextName, row.NextTables), IsShadow: true) { Position = row.NextPosition, TotalCount = Count(projection, row.NextPosition) };
            return;
        }
        DropNext(projection);
        row = projection.Row with { Generation = projection.Row.Generation + 1, NextVersion = projection.Registration.Version, NextPosition = 0 };
        var writer = new ProjectionWriter(_store.Connection, row.NextName, []);
        var isMade = Try(projection, static () => "the making of its tables", () =>
        {
            projection.CreateTables(writer);
            foreach (var table in writer.Tables)
                if (_isCollection(table) || _projections.Exists(other => other != projection && other.Row.Tables.Contains(table, StringComparer.OrdinalIgnoreCase)))
                    throw new InvalidOperationException($"The name '{table}' is taken by a collection of documents or another projection; choose another one.");
        });
        if (!isMade)
        {
            writer.Dispose();
            return;
        }
        projection.Row = row with { NextTables = [.. writer.Tables.Order(StringComparer.Ordinal)] };
        _rows.Write(projection.Name, projection.Row);
        projection.Build = new(writer, IsShadow: true) { TotalCount = Count(projection, 0), Undo = Watch(projection, projection.Row.NextTables.Select(projection.Row.NextName)) };
    }

    /// <summary>Folds the next events; where there are no more, the tables serve from then on.</summary>
    private void Step(AppProjection projection)
    {
        var build = projection.Build!;
        var batch = _store.Guarded(() => Read(projection, build));
        if (batch.Count > 0)
        {
            var position = projection.Registration.IsOrdered ? 0 : batch[^1].Position;
            if (build.Undo is not null && !build.IsKept && IsNearEnd(build))
            {
                _journal.Begin(projection.Name, build.Last);
                build.IsKept = true;
            }
            if (!TryApply(projection, build.Writer, batch, position, build.IsShadow, build.IsKept ? build.Undo : null)) return;
            (build.Position, build.Last, build.FoldedCount) = (position, batch[^1], build.FoldedCount + batch.Count);
            projection.Row = build.IsShadow ? projection.Row with { NextPosition = position } : projection.Row with { Position = position };
        }
        if (batch.Count < BatchCount) Finish(projection, build);
    }

    private void Finish(AppProjection projection, ProjectionBuild build)
    {
        var last = _rows.Scalar("SELECT coalesce(max(position), 0) FROM edge_events") as long? ?? 0;
        var row = projection.Row with { Position = last, Fold = DocumentFold.Version };
        projection.Last = build.Last;
        if (build.IsShadow)
        {
            projection.Tables?.Dispose();
            projection.Undo?.Remove();
            projection.Undo = null;
            build.Writer.Dispose();
            build.Undo?.Remove();
            var isSwapped = Try(projection, static () => "the moment when its new tables took the place of the old ones", () =>
            {
                foreach (var table in row.Tables)
                    _rows.Execute($"DROP TABLE IF EXISTS {SqlName.Quote(table)}");
                foreach (var table in row.NextTables)
                {
                    _rows.Execute($"ALTER TABLE {SqlName.Quote(row.NextName(table))} RENAME TO {SqlName.Quote(table)}");
                    _rows.Execute(ReadModelGuard.CreateSql(table, "db.Events<T>().AppendAsync(stream, item)"));
                }
            });
            if (!isSwapped) return;
            row = row with { Version = row.NextVersion, Tables = row.NextTables, NextVersion = 0, NextPosition = 0, NextTables = [] };
            projection.Tables = new(_store.Connection, static name => name, row.Tables);
            projection.Undo = Watch(projection, row.Tables);
        }
        projection.Row = row;
        projection.Build = null;
        _rows.Write(projection.Name, row);
    }

    /// <summary>Whether events have come that a making has passed already.</summary>
    private static bool Precedes(AppProjection projection, ProjectionBuild build, IReadOnlyList<StoredEvent> appended)
    {
        foreach (var item in appended)
        {
            if (!projection.Folds.ContainsKey(item.Stream.Collection)) continue;
            if (projection.Registration.IsOrdered ? build.Last is { } last && item.CompareOrder(last) < 0 : item.Position <= build.Position) return true;
        }
        return false;
    }

    /// <summary>The next events of a making: by arrival, or, for an ordered projection, in order.</summary>
    private List<StoredEvent> Read(AppProjection projection, ProjectionBuild build)
    {
        var result = new List<StoredEvent>();
        if (projection.Registration.IsOrdered)
        {
            if (build.Ahead.Count == 0) LookAhead(projection, build);
            using var one = new SqliteStatement(_store.Connection, ReadAtSql);
            while (result.Count < BatchCount && build.Ahead.TryDequeue(out var position))
                result.Add(ReadAt(one, position) ?? throw new System.Diagnostics.UnreachableException("Events that go make the tables begin anew."));
            return result;
        }
        using var statement = new SqliteStatement(_store.Connection, $"SELECT {EventRow.Columns} FROM edge_events WHERE position > ?1 AND collection IN ({ParametersOf(projection, 3)}) ORDER BY position LIMIT ?2");
        Bind(statement.Bind(1, build.Position).Bind(2, BatchCount), projection, 3);
        while (statement.Step())
            result.Add(EventRow.Read(statement));
        return result;
    }

    // The order has no index, which would cost every commit a page: one look goes over the whole table. So it looks far.
    private void LookAhead(AppProjection projection, ProjectionBuild build)
    {
        var condition = build.Last is null ? "1" : "(depth, time, replica, counter) > (?1, ?2, ?3, ?4)";
        using (var statement = new SqliteStatement(_store.Connection, $"SELECT position FROM edge_events WHERE {condition} AND collection IN ({ParametersOf(projection, 6)}) ORDER BY {EventRow.Order} LIMIT ?5"))
        {
            statement.Bind(5, AheadCount);
            if (build.Last is { } last) statement.Bind(1, (long)last.Depth).Bind(2, EventRow.ToSorted(last.Stamp)).Bind(3, last.Dot.Replica.ToByteArray()).Bind(4, (long)last.Dot.Counter);
            Bind(statement, projection, 6);
            while (statement.Step())
                build.Ahead.Enqueue(statement.Int64(0));
        }
        if (build.Ahead.Count == 0) return;
        using var one = new SqliteStatement(_store.Connection, ReadAtSql);
        build.AheadLast = ReadAt(one, build.Ahead.Last());
    }

    /// <summary>Forgets what was looked for ahead where events have come in between.</summary>
    private static void ForgetAhead(ProjectionBuild build, IReadOnlyList<StoredEvent> appended)
    {
        if (build.AheadLast is not { } last) return;
        foreach (var item in appended)
            if (item.CompareOrder(last) < 0)
            {
                build.Ahead.Clear();
                return;
            }
    }

    private static StoredEvent? ReadAt(SqliteStatement statement, long position)
    {
        try { return statement.Bind(1, position).Step() ? EventRow.Read(statement) : null; }
        finally { statement.Reset(); }
    }

    private StoredEvent? ReadLast(AppProjection projection) => _store.Guarded(() =>
    {
        using var statement = new SqliteStatement(_store.Connection,
            $"SELECT {EventRow.Columns} FROM edge_events WHERE position <= ?1 AND collection IN ({ParametersOf(projection, 2)}) ORDER BY depth DESC, time DESC, replica DESC, counter DESC LIMIT 1");
        Bind(statement.Bind(1, projection.Row.Position), projection, 2);
        return statement.Step() ? EventRow.Read(statement) : (StoredEvent?)null;
    });

    private bool AnyBehind(AppProjection projection, long position)
    {
        using var statement = new SqliteStatement(_store.Connection, $"SELECT 1 FROM edge_events WHERE position > ?1 AND collection IN ({ParametersOf(projection, 2)}) LIMIT 1");
        Bind(statement.Bind(1, position), projection, 2);
        return statement.Step();
    }

    private long Count(AppProjection projection, long position) => _store.Guarded(() =>
    {
        using var statement = new SqliteStatement(_store.Connection, $"SELECT count(*) FROM edge_events WHERE position > ?1 AND collection IN ({ParametersOf(projection, 2)})");
        Bind(statement.Bind(1, position), projection, 2);
        return statement.Step() ? statement.Int64(0) : 0;
    });

    private static string ParametersOf(AppProjection projection, int first) => string.Join(", ", projection.Folds.Keys.Select((_, i) => $"?{first + i}"));

    private static void Bind(SqliteStatement statement, AppProjection projection, int first)
    {
        foreach (var collection in projection.Folds.Keys)
            statement.Bind(first++, collection);
    }

    private void DropNext(AppProjection projection)
    {
        projection.Build?.Dispose(projection.Tables);
        projection.Build = null;
        _journal.Clear(projection.Name);
        if (projection.Row.NextVersion == 0) return;
        foreach (var table in projection.Row.NextTables)
            _rows.Execute($"DROP TABLE IF EXISTS {SqlName.Quote(projection.Row.NextName(table))}");
        projection.Row = projection.Row with { NextVersion = 0, NextPosition = 0, NextTables = [] };
        _rows.Write(projection.Name, projection.Row);
    }

    /// <summary>What was taken back must not stay in tables that nobody folds into.</summary>
    private void Empty(AppProjection projection)
    {
        foreach (var table in projection.Row.Tables.Where(_rows.TableExists))
            _rows.Execute($"DELETE FROM {SqlName.Quote(table)}");
        projection.Row = projection.Row with { Position = 0 };
        _rows.Write(projection.Name, projection.Row);
    }

    /// <summary>The same of projections that this app has not added: another one may, and makes them again.</summary>
    private void DropOthers(Func<ProjectionRow, bool> isOutdated)
    {
        foreach (var (name, row) in _others.Where(other => isOutdated(other.Value)).ToArray())
        {
            foreach (var table in row.Tables.Concat(row.NextTables.Select(row.NextName)))
                _rows.Execute($"DROP TABLE IF EXISTS {SqlName.Quote(table)}");
            _rows.Delete(name);
            _journal.Clear(name);
            _others.Remove(name);
        }
    }

    /// <summary>Whether events have come to be readable at places that tables nobody folds into have passed: these would never get them.</summary>
    private static bool AnyPassed(ProjectionRow row, IReadOnlyList<StoredEvent> appended)
    {
        foreach (var item in appended)
            if (item.Position <= Math.Max(row.Position, row.NextPosition)) return true;
        return false;
    }
}
