using Edge.Sync.Log;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Storage;

/// <summary>A copy of a database file that is being made, while the file is in use. It gets its name once it is whole and on the medium; disposed before that, nothing is left of it.</summary>
internal sealed class SqliteCopy : IDisposable
{
    private const string Mark = "copied";

    private readonly string _path;
    private SqliteConnection? _connection;

    private SqliteCopy(string path, SqliteConnection connection) => (_path, _connection) = (path, connection);

    private string Partial => _path + ".partial";

    /// <summary>Copies what is committed now.</summary>
    /// <param name="source">Any connection to the file; writers go on meanwhile.</param>
    /// <param name="path">The copy: no such file exists.</param>
    /// <exception cref="EdgeStorageException">The copy cannot be made.</exception>
    public static SqliteCopy Start(SqliteConnection source, string path)
    {
        if (File.Exists(path)) throw new EdgeStorageException(EdgeErrorCode.StorageUnreachable, path, $"'{path}' exists already. Choose another path, or delete it first.");
        SqliteCopy? copy = null;
        try
        {
            File.Delete(path + ".partial");
            copy = new(path, new(new SqliteConnectionStringBuilder { DataSource = path + ".partial", Pooling = false }.ToString()));
            copy._connection!.Open();
            source.BackupDatabase(copy._connection);
            // One file, without a write-ahead log beside it.
            SqliteStore.Execute(copy._connection, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;");
            return copy;
        }
        catch (Exception e)
        {
            copy?.Dispose();
            if (Translate(e, path) is { } error) throw error;
            throw;
        }
    }

    /// <summary>Which changes of the original are to be sealed before the copy is its own replica: nobody else could do so later.</summary>
    public DueSeal[] Unsealed()
    {
        var tree = new FeedTree();
        tree.Load(SqliteStore.TryReadMeta(_connection!, SqliteStore.BranchesKey) ?? []);
        var due = new List<DueSeal>();
        foreach (var feed in tree.Left.Append(ReplicaId.FromBytes(SqliteStore.ReadMeta(_connection!, _path, "replica"))))
            foreach (var branch in tree.SubtreeOf(feed).Where(branch => !tree.IsForked(branch)))
            {
                var plan = new SealPlan();
                foreach (var (end, bytes) in SealedFeeds.ReadUnsealed(_connection!, branch))
                    plan.Append(end, bytes);
                due.AddRange(plan.Due().Select(end => new DueSeal(feed, end)));
            }
        return [.. due];
    }

    /// <summary>Lets the copy take a fresh replica id and a fresh key when it is first opened. The original's key leaves it.</summary>
    /// <param name="seals">As <see cref="Unsealed"/> asked for.</param>
    /// <param name="encrypted">The collections with documents that have keys.</param>
    public void Detach(IReadOnlyList<Seal> seals, IReadOnlyCollection<string> encrypted)
    {
        try
        {
            SqliteStore.InTransaction(_connection!, () =>
            {
                SealedFeeds.Write(_connection!, seals);
                SqliteStore.WriteMeta(_connection!, Mark, 1L);
                // The undo histories are of the original's own edits.
                SqliteStore.Execute(_connection!, "DELETE FROM edge_meta WHERE key = 'key'; DROP TABLE IF EXISTS edge_undo;");
                DropReadable(encrypted);
            });
        }
        catch (Exception e) when (Translate(e, _path) is { } error) { throw error; }
    }

    /// <summary>Leaves the log alone of documents that one day may be forgotten: what it was folded to can be read without a key. It is made again, with the keys, when the copy is first opened.</summary>
    private void DropReadable(IReadOnlyCollection<string> encrypted)
    {
        if (!SqliteStore.HasKeyMark(_connection!)) return;
        // An index of words goes with its table, and before it: its content is in there.
        foreach (var table in ReadTables().SelectMany(static table => (string[])[$"edge_search_{table}", table]))
            SqliteStore.Execute(_connection!, $"DROP TABLE IF EXISTS \"{table.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        SqliteStore.Execute(_connection!, "DELETE FROM edge_projections; DROP TABLE IF EXISTS edge_conflicts; DELETE FROM edge_documents; DELETE FROM edge_states; DELETE FROM edge_history; DELETE FROM edge_holes; DELETE FROM edge_waiting;");
        // What never leaves the device is not in the log either; of these documents it must not lie readable in a copy.
        foreach (var collection in encrypted)
            SqliteStore.Execute(_connection!, $"DELETE FROM edge_local WHERE collection = '{collection}'");
        SqliteStore.WriteMeta(_connection!, "fold", 0L);
    }

    private List<string> ReadTables()
    {
        using var statement = new SqliteStatement(_connection!, "SELECT collection FROM edge_projections");
        var tables = new List<string>();
        while (statement.Step()) tables.Add(statement.Text(0));
        return tables;
    }

    /// <summary>Puts the copy on the medium, and gives it its name.</summary>
    public void Publish()
    {
        try
        {
            _connection!.Dispose();
            _connection = null;
            using (var file = new FileStream(Partial, FileMode.Open, FileAccess.ReadWrite))
                file.Flush(flushToDisk: true);
            File.Move(Partial, _path);
        }
        catch (Exception e) when (Translate(e, _path) is { } error) { throw error; }
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
        foreach (var suffix in (string[])["", "-journal"])
            File.Delete(Partial + suffix);
    }

    /// <summary>Whether the file is a copy that was never opened.</summary>
    public static bool IsMarked(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM edge_meta WHERE key = '{Mark}'";
        return (long)command.ExecuteScalar()! > 0;
    }

    /// <summary>Makes a copy a replica of its own. What its original wrote keeps its name, ids and seals; what is written from now on has the new ones.</summary>
    public static void Adopt(SqliteConnection connection, ReplicaId replica) => SqliteStore.InTransaction(connection, () =>
    {
        SqliteStore.WriteMeta(connection, "replica", replica.ToByteArray());
        SqliteStore.WriteMeta(connection, "key", SoftwareKey.Create().Export());
        SqliteStore.Execute(connection, $"DELETE FROM edge_meta WHERE key IN ('{Mark}', 'synced', 'keys')");
    });

    private static EdgeStorageException? Translate(Exception e, string path) =>
        SqliteErrors.TryTranslate(e, path, out var error) ? error
        : e is IOException or UnauthorizedAccessException ? new(EdgeErrorCode.StorageUnreachable, path, $"'{path}' cannot be written: {e.Message}", e)
        : null;
}
