using System.Data.Common;
using Edge.Sync.Documents;
using Edge.Sync.Projections;
using Edge.Sync.Projections.Queries;
using Edge.Sync.Scheduling;
using Edge.Sync.Storage;
using Microsoft.Data.Sqlite;

namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    private readonly HashSet<Watch> _watches = [];
    private Task? _conflictsReady;

    /// <summary>What lost when edits met that did not know of each other.</summary>
    public ConflictInbox Conflicts => new(this);

    /// <summary>A connection of one's own to the file, for plain SQL and for tools such as Dapper: it reads, and cannot write. Dispose it before the database.</summary>
    /// <remarks>
    /// Each collection whose class has been used is a table of its name, with a column for each field; docs/queries.md says what is in them. A statement sees one moment of the
    /// database, a transaction too; no reader holds up the writer, but one that stays open keeps the write-ahead log from shrinking.
    /// </remarks>
    /// <exception cref="EdgeStorageException">The file cannot be opened.</exception>
    public async Task<DbConnection> OpenReadConnectionAsync(CancellationToken cancellationToken = default)
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        return await _scheduler.RunAsync(opened.Readers.OpenForApp, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes the table of conflicts where it is missing, once in the life of this object.</summary>
    internal async Task EnsureConflictsAsync(Opened opened, CancellationToken cancellationToken)
    {
        Task ready;
        lock (_lock)
        {
            if (_conflictsReady is null or { IsFaulted: true } or { IsCanceled: true })
                _conflictsReady = opened.Writer.RunAsync(_ => { opened.Projector.Conflicts.Ensure(); return true; }, CancellationToken.None);
            ready = _conflictsReady;
        }
        await ready.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    internal async Task<QueryResult<T>> QueryAsync<T>(QueryPlan plan, CancellationToken cancellationToken) where T : class, IEdgeDocument<T>
    {
        var opened = await ReadyAsync(plan.Schema, cancellationToken).ConfigureAwait(false);
        // The SQL is made on the caller's side: captured values run the app's code, whose errors are not the file's.
        var sql = plan.ToSelectSql();
        return await _scheduler.RunAsync(() => opened.Readers.Use(connection => Searching(plan, () =>
        {
            using var documents = new DocumentReader(connection, opened.Replica.Store.Path);
            using var command = ToCommand(connection, sql);
            using var reader = command.ExecuteReader();
            var result = new QueryResult<T>();
            while (reader.Read())
            {
                var id = DocumentId.FromBytes(reader.GetFieldValue<byte[]>(0));
                result.Add(id, reader.GetInt64(1), T.Attach(FieldStore.Snapshot(plan.Schema, documents.Read(new(plan.Schema.Collection, id), reader, column: 2), opened.ReplicaId)));
            }
            return result;
        })), cancellationToken).ConfigureAwait(false);
    }

    internal async Task<long> CountAsync(QueryPlan plan, CancellationToken cancellationToken)
    {
        var opened = await ReadyAsync(plan.Schema, cancellationToken).ConfigureAwait(false);
        var sql = plan.ToCountSql();
        return await _scheduler.RunAsync(() => opened.Readers.Use(connection => Searching(plan, () =>
        {
            using var command = ToCommand(connection, sql);
            return (long)command.ExecuteScalar()!;
        })), cancellationToken).ConfigureAwait(false);
    }

    internal async Task<T?> FindAsync<T>(DocumentId id, CancellationToken cancellationToken) where T : class, IEdgeDocument<T>
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        return await _scheduler.RunAsync(() => opened.Readers.Use(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT {DocumentReader.Columns} FROM edge_documents d LEFT JOIN edge_states s ON s.row = d.row WHERE d.collection = $1 AND d.id = $2 AND d.present = 1";
            command.Parameters.AddWithValue("$1", T.Schema.Collection);
            command.Parameters.AddWithValue("$2", id.ToByteArray());
            using var reader = command.ExecuteReader();
            if (!reader.Read()) return null;
            using var documents = new DocumentReader(connection, opened.Replica.Store.Path);
            return T.Attach(FieldStore.Snapshot(T.Schema, documents.Read(new(T.Schema.Collection, id), reader, column: 0), opened.ReplicaId));
        }), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Registers a watch at once. It is signalled after each commit that touches its collection.</summary>
    internal WatchSignal StartWatch(string collection)
    {
        var watch = new Watch(collection, new(_scheduler));
        lock (_lock)
        {
            if (_closed is not null) watch.Signal.Complete();
            else _watches.Add(watch);
        }
        return watch.Signal;
    }

    internal void StopWatch(WatchSignal signal)
    {
        lock (_lock) _watches.RemoveWhere(watch => watch.Signal == signal);
    }

    private async Task<Opened> ReadyAsync(DocumentSchema schema, CancellationToken cancellationToken)
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        await EnsureProjectionAsync(opened, schema, cancellationToken).ConfigureAwait(false);
        return opened;
    }

    private void OnCommitted(Replica replica, IReadOnlyList<CommittedDocument> changed)
    {
        var collections = new HashSet<string>(changed.Count, StringComparer.Ordinal);
        foreach (var document in changed)
            collections.Add(document.Key.Collection);
        if (replica.Store is SqliteStore { Checkpointer: var checkpointer } && checkpointer.TakeDue()) _scheduler.Post(checkpointer.Run);
        Watch[] watches;
        lock (_lock) watches = [.. _watches];
        if (changed.Count > 0) collections.Add(ConflictInbox.WatchName);
        foreach (var watch in watches)
            if (collections.Contains(watch.Collection)) watch.Signal.Set();
        WakeSyncs(replica.Log.Held[replica.Log.Self]);
    }

    private void EndWatches()
    {
        lock (_lock)
        {
            foreach (var watch in _watches)
                watch.Signal.Complete();
            _watches.Clear();
        }
    }

    // What is wrong in an app's own expression is not the file's fault.
    private static TResult Searching<TResult>(QueryPlan plan, Func<TResult> read)
    {
        const int Error = 1;
        try { return read(); }
        catch (SqliteException e) when (plan.IsRawSearch && e.SqliteErrorCode == Error)
        {
            throw new EdgeDataException($"The search is no expression of FTS5. SQLite says: {e.Message} Use SearchSyntax.Words for what users type.", "search", innerException: e);
        }
    }

    private static SqliteCommand ToCommand(SqliteConnection connection, SqlFragment sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql.ToString();
        for (var i = 0; i < sql.Parameters.Count; i++)
            command.Parameters.AddWithValue($"$p{i + 1}", sql.Parameters[i] ?? DBNull.Value);
        return command;
    }

    private sealed record Watch(string Collection, WatchSignal Signal);
}
