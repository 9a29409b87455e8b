using Edge.Sync.Documents;
using Edge.Sync.Projections.ReadModels;
using Edge.Sync.Projections.Search;
using Edge.Sync.Storage;
using Edge.Sync.Trust.Content;

namespace Edge.Sync.Projections;

/// <summary>
/// The read models: one plain SQL table for each collection whose class has been used, with one row for each document that exists.
/// Written in the transaction that changes the documents; used by the writer only.
/// </summary>
internal sealed class SqliteProjector : IProjector, IDisposable
{
    private readonly SqliteStore _store;
    private readonly IContentKeys _keys;
    private readonly Dictionary<string, Table> _tables = [];

    public SqliteProjector(SqliteStore store, IContentKeys keys, IEnumerable<ProjectionRegistration> projections, int takenBackMax = FoldJournal.DefaultCount)
    {
        (_store, _keys) = (store, keys);
        Conflicts = new(store, keys, collection => _tables.GetValueOrDefault(collection)?.Definition.Fields);
        Apps = new(store, projections, HasCollection, takenBackMax);
        Reload();
    }

    public ConflictTable Conflicts { get; }

    /// <summary>The projections of the app.</summary>
    public AppProjections Apps { get; }

    public bool IsProjecting => Apps.AnyBuilding;

    public void ProjectEvents() => Apps.Fold();

    public void Reload() => _store.Guarded(() =>
    {
        DisposeTables();
        _tables.Clear();
        Conflicts.Reload();
        Apps.Reload();
        using var command = _store.Connection.CreateCommand();
        command.CommandText = "SELECT collection, definition FROM edge_projections";
        using var reader = command.ExecuteReader();
        while (reader.Read())
            _tables.Add(reader.GetString(0), new(_store, ProjectionDefinition.Read(reader.GetString(0), reader.GetFieldValue<byte[]>(1))));
        return true;
    });

    public void Project(DocumentState document, long row)
    {
        Conflicts.Project(document);
        if (!_tables.TryGetValue(document.Collection, out var table)) return;
        table.Write(document, row);
        if (!table.IsStale && table.Definition.IsBlindTo(document)) MarkStale(table);
    }

    /// <summary>Notes in the file that a row was written without the app's own rules, so that the table is made anew when a class with them is used next.</summary>
    private void MarkStale(Table table)
    {
        table.IsStale = true;
        Execute("UPDATE edge_projections SET definition = $2 WHERE collection = $1", table.Definition.Collection, table.Definition.ToBytes(isStale: true));
    }

    public void Remove(DocumentKey key, long row)
    {
        Conflicts.Remove(key);
        if (_tables.TryGetValue(key.Collection, out var table)) table.Delete(row);
    }

    public void Clear()
    {
        Conflicts.Clear();
        foreach (var collection in _tables.Keys.ToArray())
        {
            if (!TableExists(collection)) continue;
            var definition = _tables[collection].Definition;
            if (SqlOf(collection) != definition.CreateTableSql)
            {
                // Another version of this library has made it, with other columns. No document is there yet to fill it with.
                var isStale = _tables[collection].IsStale;
                _tables[collection].Dispose();
                _tables[collection] = Make(definition, definition.ToBytes(isStale));
                _tables[collection].IsStale = isStale;
                continue;
            }
            Execute($"DELETE FROM {SqlName.Quote(collection)}");
            if (_tables[collection].Search is { } search && TableExists(FullTextTable.NameOf(collection))) Execute(search.ClearSql);
        }
    }

    /// <summary>Makes the read model of a schema where there is none, or makes it anew where its columns have changed. Inside a transaction.</summary>
    /// <exception cref="InvalidOperationException">Another collection's table has that name but for upper and lower case.</exception>
    public void Register(DocumentSchema schema) => Register(new ProjectionDefinition(schema.Collection, schema.Fields));

    /// <inheritdoc cref="Register(DocumentSchema)"/>
    public void Register(ProjectionDefinition definition)
    {
        if (Apps.Owns(definition.Collection))
            throw new InvalidOperationException($"A projection of the app has made the table '{definition.Collection}', which is the name of a collection too. Rename the table, and give the projection a new version.");
        foreach (var other in _tables.Keys)
            if (other != definition.Collection && other.Equals(definition.Collection, StringComparison.OrdinalIgnoreCase))
                throw new InvalidOperationException($"The collections '{definition.Collection}' and '{other}' differ in upper and lower case only, which SQLite does not tell apart. Rename one of them.");
        var bytes = definition.ToBytes();
        if (_tables.TryGetValue(definition.Collection, out var old) && !old.IsStale && old.Definition.ToBytes().AsSpan().SequenceEqual(bytes) && TableExists(definition.Collection)
            && (old.Search is null || TableExists(FullTextTable.NameOf(definition.Collection))))
        {
            // What the file told lacks the app's rules.
            old.Definition = definition;
            _store.Guarded(() => { Guard(definition); return true; });
            return;
        }
        var table = _store.Guarded(() => Make(definition, bytes));
        old?.Dispose();
        _tables[definition.Collection] = table;
        if (definition.Fields.Any(static field => field.Shape.HasRule)) Conflicts.Refresh(definition.Collection);
    }

    /// <summary>All or nothing, within a transaction that may go on: a table that is filled by half would pass for whole from then on.</summary>
    private Table Make(ProjectionDefinition definition, byte[] bytes)
    {
        const string Savepoint = "edge_projection";
        Execute($"SAVEPOINT {Savepoint}");
        var table = new Table(_store, definition);
        table.PostponeSearch();
        try
        {
            Execute($"DROP TABLE IF EXISTS {SqlName.Quote(FullTextTable.NameOf(definition.Collection))}");
            Execute($"DROP TABLE IF EXISTS {SqlName.Quote(definition.Collection)}");
            Execute(definition.CreateTableSql);
            Guard(definition);
            Execute("INSERT INTO edge_projections (collection, definition) VALUES ($1, $2) ON CONFLICT (collection) DO UPDATE SET definition = excluded.definition", definition.Collection, bytes);
            Fill(table);
            foreach (var index in definition.CreateIndexesSql) Execute(index);
            table.CreateSearch(sql => Execute(sql));
            Execute($"RELEASE {Savepoint}");
            return table;
        }
        catch
        {
            table.Dispose();
            Execute($"ROLLBACK TO {Savepoint}; RELEASE {Savepoint}");
            throw;
        }
    }

    private void Guard(ProjectionDefinition definition) => Execute(ReadModelGuard.CreateSql(definition.Collection, "db.Documents<T>().EditAsync(id, edit)"));

    public void Dispose()
    {
        DisposeTables();
        Apps.Dispose();
    }

    private bool HasCollection(string table) => _tables.Keys.Contains(table, StringComparer.OrdinalIgnoreCase);

    private void DisposeTables()
    {
        foreach (var table in _tables.Values)
            table.Dispose();
    }

    private void Fill(Table table)
    {
        using var command = _store.Connection.CreateCommand();
        command.CommandText = $"SELECT d.row, d.id, {DocumentReader.Columns} FROM edge_documents d WHERE d.collection = $1 AND d.present = 1";
        command.Parameters.AddWithValue("$1", table.Definition.Collection);
        using var documents = new DocumentReader(_store.Connection, _store.Path, _keys);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var key = new DocumentKey(table.Definition.Collection, DocumentId.FromBytes(reader.GetFieldValue<byte[]>(1)));
            table.Write(documents.Read(key, reader, column: 2), reader.GetInt64(0));
        }
    }

    private bool TableExists(string name) => SqlOf(name) is not null;

    /// <summary>The statement that made a table; null where there is none.</summary>
    private string? SqlOf(string name)
    {
        using var command = _store.Connection.CreateCommand();
        command.CommandText = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = $1";
        command.Parameters.AddWithValue("$1", name);
        return command.ExecuteScalar() as string;
    }

    private void Execute(string sql, params ReadOnlySpan<object> parameters)
    {
        using var command = _store.Connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters.Length; i++)
            command.Parameters.AddWithValue($"${i + 1}", parameters[i]);
        command.ExecuteNonQuery();
    }

    /// <summary>One read model with its prepared statements.</summary>
    private sealed class Table(SqliteStore store, ProjectionDefinition definition) : IDisposable
    {
        private const int UpdatesMax = 32, MaskBits = 64;

        // Prepared at the first row: a definition whose table someone has dropped must not keep the file from opening.
        private SqliteStatement? _replace, _delete;
        private bool _isSearchReady = true;

        // By the set of columns that they write. An app's edits write the same few sets again and again.
        private readonly Dictionary<ulong, SqliteStatement> _updates = [];

        public ProjectionDefinition Definition
        {
            get => definition;
            set => definition = value;
        }

        /// <summary>Whether rows may show other values than the app's own rules say.</summary>
        public bool IsStale { get; set; } = definition.IsStale;

        public FullTextTable? Search { get; } = definition.SearchColumns.Count > 0 ? new(store, definition) : null;

        /// <summary>Makes the full-text index of the rows that are there.</summary>
        public void CreateSearch(Action<string> execute)
        {
            _isSearchReady = true;
            if (Search is null) return;
            execute(Search.CreateSql);
            execute(Search.RebuildSql);
        }

        /// <summary>Leaves the full-text index alone until it is made.</summary>
        public void PostponeSearch() => _isSearchReady = false;

        public void Write(DocumentState document, long row)
        {
            try
            {
                if (!document.Existence.Exists)
                {
                    Delete(row);
                    return;
                }
                var search = _isSearchReady && Search is not null && MayChangeSearch(document) && !Search.IsUnchanged(row, document) ? Search : null;
                search?.Remove(row);
                if (!TryUpdate(document, row)) Replace(document, row);
                search?.Add(row);
            }
            catch (Exception e) when (SqliteErrors.TryTranslate(e, store.Path, out var error)) { throw error; }
        }

        /// <summary>Writes the columns that have changed: the others, and the index by id, cost nothing then. False where there is no row yet, or too much has changed.</summary>
        private bool TryUpdate(DocumentState document, long row)
        {
            if (definition.HasForeignColumns) return false;
            if (document.Touched is not { } touched || document.HasAppeared) return false;
            var changed = 0UL;
            var changesRest = false;
            for (var i = 0; i < definition.Columns.Count; i++)
            {
                if (!touched.Contains(definition.Columns[i].Field.Id)) continue;
                if (i >= MaskBits) return false;
                changed |= 1UL << i;
                changesRest |= ColumnRest.IsIn(definition.Columns[i].Field);
            }
            if (changed == 0) return false;
            var update = UpdateOf(changed, changesRest).Bind(1, row);
            var parameter = 2;
            for (var i = 0; i < definition.Columns.Count; i++)
                if ((changed >> i & 1) != 0) definition.Columns[i].Bind(update, parameter++, document);
            if (changesRest) update.BindValue(parameter, ColumnRest.Of(definition.Fields, document, null));
            update.Run();
            return SQLitePCL.raw.sqlite3_changes(store.Connection.Handle) == 1;
        }

        private void Replace(DocumentState document, long row)
        {
            var local = definition.HasLocalFields && LocalTable.Read(store.Connection, document.Key) is { } bytes ? DocumentCodec.Read(document.Key, bytes) : null;
            _replace ??= new(store.Connection, definition.ReplaceSql);
            _replace.Bind(1, row).Bind(2, document.Id.ToString());
            for (var i = 0; i < definition.Columns.Count; i++)
                _replace.BindValue(i + 3, definition.Columns[i].ValueIn(definition.Columns[i].Field.IsLocal ? local ?? new(document.Id, document.Collection) : document));
            if (definition.HasRest) _replace.BindValue(definition.Columns.Count + 3, ColumnRest.Of(definition.Fields, document, local));
            _replace.Run();
        }

        private SqliteStatement UpdateOf(ulong changed, bool changesRest)
        {
            if (_updates.TryGetValue(changed, out var update)) return update;
            if (_updates.Count == UpdatesMax) DisposeUpdates();
            return _updates[changed] = new(store.Connection, definition.UpdateSql(changed, changesRest));
        }

        private bool MayChangeSearch(DocumentState document) => definition.HasForeignColumns || TouchedColumns(document) is not { } touched || definition.SearchColumns.Any(column => touched.Contains(column.Field.Id));

        /// <summary>The fields whose columns differ from the row; null where there may be no row.</summary>
        private static IReadOnlyList<uint>? TouchedColumns(DocumentState document) => document.HasAppeared ? null : document.Touched;

        private void DisposeUpdates()
        {
            foreach (var update in _updates.Values)
                update.Dispose();
            _updates.Clear();
        }

        public void Delete(long row)
        {
            try
            {
                Search?.Remove(row);
                (_delete ??= new(store.Connection, definition.DeleteSql)).Bind(1, row).Run();
            }
            catch (Exception e) when (SqliteErrors.TryTranslate(e, store.Path, out var error)) { throw error; }
        }

        public void Dispose()
        {
            _replace?.Dispose();
            _delete?.Dispose();
            Search?.Dispose();
            DisposeUpdates();
        }
    }
}
