using System.Data.Common;
using Edge.Sync.Documents;
using Edge.Sync.Live;
using Edge.Sync.Projections;
using Edge.Sync.Projections.Queries;
using Edge.Sync.Storage;

namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    private static readonly string s_find =
        $"SELECT d.id, d.version, {DocumentReader.Columns} FROM edge_documents d WHERE d.collection = ?1 AND d.id = ?2 AND d.present = 1";

    private readonly Feeds _feeds;
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
        await _scheduler.JoinAsync(ready, cancellationToken).ConfigureAwait(false);
    }

    internal async Task<IReadOnlyList<T>> QueryAsync<T>(QueryPlan plan, CancellationToken cancellationToken) where T : class, IEdgeDocument<T>
    {
        var opened = await ReadyAsync(plan.Schema, cancellationToken).ConfigureAwait(false);
        if (plan.Schema.HasColumns && IsTableOf(plan.Schema) && await ReadAsync<T>(opened, plan, DocumentColumns<T>.Instance, cancellationToken).ConfigureAwait(false) is { } read) return read;
        return (await ReadAsync<T>(opened, plan, null, cancellationToken).ConfigureAwait(false))!;
    }

    /// <summary>Runs a query.</summary>
    /// <param name="opened">The database.</param>
    /// <param name="plan">What is asked for.</param>
    /// <param name="columns">The columns that documents are read from; null to read their states.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null where the table may have become another class's meanwhile.</returns>
    private async Task<List<T>?> ReadAsync<T>(Opened opened, QueryPlan plan, DocumentColumns? columns, CancellationToken cancellationToken) where T : class, IEdgeDocument<T>
    {
        // The SQL is made on the caller's side: captured values run the app's code, whose errors are not the file's.
        var sql = columns is not null ? plan.ToSelectSql(columns) : plan.ToSelectSql();
        try
        {
            var result = await _scheduler.RunAsync(() => opened.Readers.Read(reader => columns is { NeedsState: true } ? reader.InOneMoment(Run) : Run(reader)), cancellationToken).ConfigureAwait(false);
            return columns is null || IsTableOf(plan.Schema) ? result : null;
        }
        catch (EdgeStorageException) when (columns is not null && !IsTableOf(plan.Schema)) { return null; }

        List<T> Run(ReaderConnection reader) => QueryReading.Run(reader, plan, sql, statement =>
        {
            var documents = DocumentRows.On(reader);
            var result = new List<T>();
            if (columns is not null)
            {
                documents.ReadAll(columns, statement, opened.ReplicaId, result, T.Attach);
                return result;
            }
            while (statement.Step())
                if (documents.TryRead(plan.Schema, DocumentRows.Id(statement, 0), statement, 0, opened.ReplicaId) is { } store) result.Add(T.Attach(store));
            return result;
        });
    }

    internal async Task<List<DocumentId>> FindIdsAsync(QueryPlan plan, CancellationToken cancellationToken)
    {
        var opened = await ReadyAsync(plan.Schema, cancellationToken).ConfigureAwait(false);
        var sql = plan.ToSelectSql();
        return await _scheduler.RunAsync(() => opened.Readers.Read(reader => QueryReading.Run(reader, plan, sql, static statement =>
        {
            var ids = new List<DocumentId>();
            while (statement.Step())
                ids.Add(DocumentRows.Id(statement, 0));
            return ids;
        })), cancellationToken).ConfigureAwait(false);
    }

    internal async Task<long> CountAsync(QueryPlan plan, CancellationToken cancellationToken)
    {
        var opened = await ReadyAsync(plan.Schema, cancellationToken).ConfigureAwait(false);
        var sql = plan.ToCountSql();
        return await _scheduler.RunAsync(() => opened.Readers.Read(reader => QueryReading.Run(reader, plan, sql, static statement => statement.Step() ? statement.Int64(0) : 0)), cancellationToken)
            .ConfigureAwait(false);
    }

    internal async Task<T?> FindAsync<T>(DocumentId id, CancellationToken cancellationToken) where T : class, IEdgeDocument<T>
    {
        var opened = T.Schema.IsFlat ? await ReadyAsync(T.Schema, cancellationToken).ConfigureAwait(false) : await OpenedAsync(cancellationToken).ConfigureAwait(false);
        if (T.Schema.IsFlat && IsTableOf(T.Schema))
        {
            try
            {
                var document = await _scheduler.RunAsync(() => Find<T>(opened, id, isFlat: true), cancellationToken).ConfigureAwait(false);
                if (IsTableOf(T.Schema)) return document;
            }
            catch (EdgeStorageException) when (!IsTableOf(T.Schema)) { /* it has other columns now */ }
        }
        return await _scheduler.RunAsync(() => Find<T>(opened, id, isFlat: false), cancellationToken).ConfigureAwait(false);
    }

    internal static T? Find<T>(Opened opened, DocumentId id, bool isFlat) where T : class, IEdgeDocument<T> => opened.Readers.Read(reader =>
    {
        var statement = reader.Prepare(isFlat ? DocumentColumns<T>.FindSql : s_find);
        try
        {
            if (isFlat) return statement.Bind(1, id.ToString()).Step() ? T.Attach(DocumentRows.On(reader).Read(DocumentColumns<T>.Instance, statement, opened.ReplicaId)) : null;
            if (!statement.Bind(1, T.Schema.Collection).Bind(2, id.ToByteArray()).Step()) return null;
            return DocumentRows.On(reader).TryRead(T.Schema, id, statement, 0, opened.ReplicaId) is { } store ? T.Attach(store) : null;
        }
        finally { statement.Reset(); }
    });

    /// <summary>Whether a class's table has the columns of that class: another one of the collection may have come later. It is the other's before the table is made again, so true after reading says that it was true all along.</summary>
    private bool IsTableOf(DocumentSchema schema)
    {
        lock (_lock) return _tableOwners.GetValueOrDefault(schema.Collection) == schema;
    }

    /// <summary>The queries whose results are kept up to date.</summary>
    internal Feeds Feeds => _feeds;

    /// <summary>What a feed over a collection reads from.</summary>
    internal async Task<FeedSource> OpenFeedAsync(DocumentSchema schema)
    {
        var opened = await ReadyAsync(schema, CancellationToken.None).ConfigureAwait(false);
        return new(opened.Readers, opened.ReplicaId);
    }

    /// <summary>Opens, and brings the read model of a class up to date.</summary>
    internal async Task<Opened> ReadyAsync(DocumentSchema schema, CancellationToken cancellationToken)
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        await EnsureProjectionAsync(opened, schema, cancellationToken).ConfigureAwait(false);
        return opened;
    }

    private void OnCommitted(Replica replica, IReadOnlyList<CommittedDocument> changed)
    {
        if (replica.Store is SqliteStore { Checkpointer: var checkpointer } && checkpointer.TakeDue()) _scheduler.Post(checkpointer.Run);
        if (replica.Store.IsEraseDue && Volatile.Read(ref _evictions) == 0) EraseSoon();
        if (replica.IsProjecting) BuildSoon();
        if (_options.PacksByItself && replica.Store is SqliteStore && replica.Store.LastSequence - replica.Store.PackedCount >= PackDue) PackSoon();
        if (replica.Store is SqliteStore store) WakeSubscriptions(replica, store);
        _feeds.OnCommitted(changed, replica.Store.LastSequence);
        WakeSyncs(new(replica.Log.Self, replica.Log.Held[replica.Log.Self]));
    }
}
