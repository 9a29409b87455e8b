using Edge.Sync.Documents;
using Edge.Sync.Storage;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Projections;

/// <summary>
/// The read models: one plain SQL table for each collection whose class has been used, with one row for each document that exists.
/// Written in the transaction that changes the documents; used by the writer only.
/// </summary>
internal sealed class SqliteProjector : IProjector, IDisposable
{
    private readonly SqliteStore _store;
    private readonly Dictionary<string, Table> _tables = [];

    public SqliteProjector(SqliteStore store)
    {
        _store = store;
        Conflicts = new(store);
        Reload();
    }

    public ConflictTable Conflicts { get; }

    public void Reload() => _store.Guarded(() =>
    {
        Dispose();
        _tables.Clear();
        Conflicts.Reload();
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
        if (_tables.TryGetValue(document.Collection, out var table)) table.Write(document, row);
    }

    /// <summary>Makes the read model of a schema where there is none, or makes it anew where its columns have changed. Inside a transaction.</summary>
    /// <exception cref="InvalidOperationException">Another collection's table has that name but for upper and lower case.</exception>
    public void Register(DocumentSchema schema)
    {
        foreach (var other in _tables.Keys)
            if (other != schema.Collection && other.Equals(schema.Collection, StringComparison.OrdinalIgnoreCase))
                throw new InvalidOperationException($"The collections '{schema.Collection}' and '{other}' differ in upper and lower case only, which SQLite does not tell apart. Rename one of them.");
        var definition = new ProjectionDefinition(schema.Collection, schema.Fields);
        var bytes = definition.ToBytes();
        if (_tables.TryGetValue(schema.Collection, out var old) && old.Definition.ToBytes().AsSpan().SequenceEqual(bytes) && TableExists(schema.Collection)) return;
        var table = _store.Guarded(() => Make(definition, bytes));
        old?.Dispose();
        _tables[schema.Collection] = table;
    }

    /// <summary>All or nothing, within a transaction that may go on: a table that is filled by half would pass for whole from then on.</summary>
    private Table Make(ProjectionDefinition definition, byte[] bytes)
    {
        const string Savepoint = "edge_projection";
        _store.Transaction!.Save(Savepoint);
        var table = new Table(_store, definition);
        try
        {
            Execute($"DROP TABLE IF EXISTS {SqlName.Quote(definition.Collection)}");
            Execute(definition.CreateTableSql);
            Execute("INSERT INTO edge_projections (collection, definition) VALUES ($1, $2) ON CONFLICT (collection) DO UPDATE SET definition = excluded.definition", definition.Collection, bytes);
            Fill(table);
            _store.Transaction.Release(Savepoint);
            return table;
        }
        catch
        {
            table.Dispose();
            _store.Transaction.Rollback(Savepoint);
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var table in _tables.Values)
            table.Dispose();
    }

    private void Fill(Table table)
    {
        using var command = _store.Connection.CreateCommand();
        command.Transaction = _store.Transaction;
        command.CommandText = "SELECT row, id, state FROM edge_documents WHERE collection = $1 AND present = 1";
        command.Parameters.AddWithValue("$1", table.Definition.Collection);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var key = new DocumentKey(table.Definition.Collection, DocumentId.FromBytes(reader.GetFieldValue<byte[]>(1)));
            table.Write(DocumentCodec.Read(key, reader.GetFieldValue<byte[]>(2)), reader.GetInt64(0));
        }
    }

    private bool TableExists(string name)
    {
        using var command = _store.Connection.CreateCommand();
        command.Transaction = _store.Transaction;
        command.CommandText = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1";
        command.Parameters.AddWithValue("$1", name);
        return (long)command.ExecuteScalar()! == 1;
    }

    private void Execute(string sql, params ReadOnlySpan<object> parameters)
    {
        using var command = _store.Connection.CreateCommand();
        command.Transaction = _store.Transaction;
        command.CommandText = sql;
        for (var i = 0; i < parameters.Length; i++)
            command.Parameters.AddWithValue($"${i + 1}", parameters[i]);
        command.ExecuteNonQuery();
    }

    /// <summary>One read model with its prepared commands.</summary>
    private sealed class Table : IDisposable
    {
        private readonly SqliteStore _store;
        private readonly SqliteCommand _replace, _delete;

        public Table(SqliteStore store, ProjectionDefinition definition)
        {
            (_store, Definition) = (store, definition);
            _replace = store.Connection.CreateCommand();
            _replace.CommandText = definition.ReplaceSql;
            _replace.Parameters.Add(new() { ParameterName = "$row" });
            _replace.Parameters.Add(new() { ParameterName = "$id" });
            for (var i = 0; i < definition.Fields.Count; i++)
                _replace.Parameters.Add(new() { ParameterName = $"$f{i}" });
            _delete = store.Connection.CreateCommand();
            _delete.CommandText = definition.DeleteSql;
            _delete.Parameters.Add(new() { ParameterName = "$row" });
        }

        public ProjectionDefinition Definition { get; }

        public void Write(DocumentState document, long row)
        {
            var command = document.Existence.Exists ? _replace : _delete;
            command.Transaction = _store.Transaction;
            command.Parameters[0].Value = row;
            if (document.Existence.Exists)
            {
                command.Parameters[1].Value = document.Id.ToString();
                for (var i = 0; i < Definition.Fields.Count; i++)
                {
                    var field = Definition.Fields[i];
                    command.Parameters[i + 2].Value = ColumnValue.Of(field, document.Find(field.Id, field.Kind));
                }
            }
            _store.Guarded(command.ExecuteNonQuery);
        }

        public void Dispose()
        {
            _replace.Dispose();
            _delete.Dispose();
        }
    }
}
