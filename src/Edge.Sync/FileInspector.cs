using System.Text;
using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Log.Records;
using Edge.Sync.Storage;
using Edge.Sync.Trust.Content;
using Microsoft.Data.Sqlite;

namespace Edge.Sync;

/// <summary>What the edge-sync tool shows of a file. Reads only, so the file may be in use.</summary>
internal static class FileInspector
{
    public static InspectedFile Inspect(string path) => ReadOnlyFile.Use(path, connection => new InspectedFile(
        Encoding.UTF8.GetString(SqliteStore.ReadMeta(connection, path, "name")),
        Hash256.FromBytes(SqliteStore.ReadMeta(connection, path, "database")).ToString(),
        ReplicaId.FromBytes(SqliteStore.ReadMeta(connection, path, "replica")).ToString(),
        SqliteSchema.Verify(connection, path)!.Value,
        SqliteCopy.IsMarked(connection),
        Rows(connection, StorageReader.ChangeCountSql, static row => row.GetInt64(0))[0],
        ReadFeeds(connection),
        Rows(connection, "SELECT collection, count(*), sum(present = 0) FROM edge_documents GROUP BY collection ORDER BY collection", static row => new InspectedCollection(row.GetString(0), row.GetInt64(1), row.GetInt64(2))),
        CountKeys(path)));

    private static long? CountKeys(string path)
    {
        using var keys = SqliteKeyStore.Open(path, isReadOnly: true);
        return keys.Mark is null ? null : keys.Count;
    }

    public static StorageReport ReadStorage(string path) => ReadOnlyFile.Use(path, connection => StorageReader.Read(connection, path));

    public static FoldingReport ReadFolding(string path, IProgress<long>? progress) => ReadOnlyFile.Use(path, connection => FoldingReader.Read(connection, path, progress, CancellationToken.None));

    /// <summary>The newest changes, of the whole log or of one document, oldest first.</summary>
    public static List<InspectedChange> ReadLog(string path, (string Collection, DocumentId Id)? document, long limit) => ReadOnlyFile.Use(path, connection =>
    {
        using var log = new LogReader(connection);
        var sequences = document is not { } key ? null : SequencesOf(new(key.Collection, key.Id), connection, log).OrderDescending().Take((int)Math.Min(limit, int.MaxValue)).ToList();
        if (sequences is null)
        {
            var newest = Newest(connection);
            sequences = [];
            for (var sequence = newest; sequence > 0 && newest - sequence < limit; sequence--)
                sequences.Add(sequence);
        }
        var changes = sequences.ConvertAll(sequence => Read(log.Find(sequence) ?? throw new InvalidCastException($"Change {sequence} is not in the log.")));
        changes.Reverse();
        return changes;
    });

    private static IEnumerable<long> SequencesOf(DocumentKey key, SqliteConnection connection, LogReader log) => !SqliteStore.AreDerivedCurrent(connection)
        ? log.ReadAfter(0).Where(stored => Names(Change.ParseStored(stored.Bytes), key)).Select(static stored => stored.Sequence)
        : Rows(connection, """
            SELECT h.sequences FROM edge_documents d JOIN edge_history h ON h.document = d.row WHERE d.collection = $1 AND d.id = $2
            UNION ALL SELECT covered FROM edge_documents WHERE collection = $1 AND id = $2
            UNION ALL SELECT tail FROM edge_documents WHERE collection = $1 AND id = $2
            """, static row => SequenceRun.Read(row.GetFieldValue<byte[]>(0)), key.Collection, key.Id.ToByteArray()).SelectMany(static run => run);

    private static bool Names(Change change, DocumentKey key)
    {
        var sections = new BodyReader(change.Body);
        while (sections.Read())
            if (!sections.Envelope.IsAnother(key.Id) && sections.Envelope.Document == key) return true;
        return false;
    }

    private static List<InspectedFeed> ReadFeeds(SqliteConnection connection)
    {
        using var snapshot = connection.BeginTransaction(deferred: true);
        var log = FeedEnds.Read(connection);
        return Rows(connection, $"SELECT f.replica, (SELECT count(*) FROM edge_changes c WHERE c.sequence IN ({SealedFeeds.UnsealedSql})) FROM edge_feeds f ORDER BY f.replica", static row => (Replica: ReplicaId.FromBytes(row.GetFieldValue<byte[]>(0)), Unsealed: row.GetInt64(1)))
            .Where(feed => log.Held[feed.Replica] > 0)
            .Select(feed => new InspectedFeed(feed.Replica.ToString(), (long)log.Held[feed.Replica], log.LastId(feed.Replica).ToString(), log.IsHead(feed.Replica), feed.Unsealed)).ToList();
    }

    /// <summary>Leaves no free page in a file that nobody has open.</summary>
    public static void Pack(string path)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
            connection.Open();
            SqliteStore.Execute(connection, "VACUUM");
        }
        catch (SqliteException e) { throw SqliteErrors.Translate(e, path); }
    }

    private static long Newest(SqliteConnection connection) => Rows(connection, "SELECT coalesce(max(sequence), 0) FROM edge_changes", static row => row.GetInt64(0))[0];

    private static InspectedChange Read(StoredChange stored)
    {
        var change = Change.ParseStored(stored.Bytes);
        var documents = new List<string>();
        ChangeMetadata? metadata = null;
        var sections = new BodyReader(change.Body);
        while (sections.Read())
        {
            if (sections.IsAbsent)
            {
                documents.Add($"({sections.Envelope.Document})");
                continue;
            }
            var section = sections.Content;
            try
            {
                if (LogRecord.Read(section) is { } record) documents.Add(record.ToString());
                else if (DocumentSection.Read(section, new(change.Written.Replica, change.Written.First), change.Written.Count, NoKeys.Instance) is { } edit) documents.Add(change.IsVoidSection(sections.Number) ? $"{edit.Key} (void)" : edit.Key.ToString());
                else metadata ??= MetadataSection.Read(section);
            }
            catch (EdgeDataException) { documents.Add("(void)"); }
        }
        return new(stored.Sequence, stored.Id.ToString(), change.Written.Replica.ToString(), (long)change.Written.First, change.Written.Count, change.Bytes.Length,
            change.Written.Timestamp.ToDateTimeOffset(), !stored.Signature.IsEmpty, documents, metadata?.Intent, metadata?.Author);
    }

    private static List<T> Rows<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters.Length; i++)
            command.Parameters.AddWithValue($"${i + 1}", parameters[i]);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }
}

/// <summary>Whose a file is, and what it holds.</summary>
internal sealed record InspectedFile(string Name, string DatabaseId, string Replica, int FormatVersion, bool IsCopy, long ChangeCount, List<InspectedFeed> Feeds, List<InspectedCollection> Collections, long? KeyCount);

internal sealed record InspectedFeed(string Replica, long Last, string LastId, bool IsHead, long UnsealedCount);

internal sealed record InspectedCollection(string Name, long DocumentCount, long DeletedCount);

internal sealed record InspectedChange(long Sequence, string Id, string Replica, long First, int Count, int Bytes, DateTimeOffset Time, bool IsSealed, List<string> Documents, string? Intent, string? Author);
