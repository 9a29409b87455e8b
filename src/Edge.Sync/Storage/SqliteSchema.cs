using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Storage;

/// <summary>The tables of a database file, format version 1. See docs/formats.md.</summary>
/// <remarks>The format version is that of the log's tables alone. All others are made again whenever the way the log is folded has changed.</remarks>
internal static class SqliteSchema
{
    /// <summary>"EdSy" in ASCII: tells our files from others of SQLite.</summary>
    public const int ApplicationId = 0x45645379;

    /// <summary>Stored as <c>user_version</c>, plus 1, since a file without one says 0.</summary>
    public const int FormatVersion = 1;

    /// <summary>The oldest version that can be read: the first that was frozen.</summary>
    public const int FormatVersionMin = 1;

    /// <summary>The layout of the tables that follow from the log. Where a file has another one, they are made again.</summary>
    public const int DerivedLayout = 6;

    /// <summary>Of new files. A commit writes whole pages, so what it costs goes by their size: SQLite's own 4,096 make it a quarter slower, and wear a medium twice as much.</summary>
    public const int PageBytes = 2048;

    private const int PageBytesMin = 512;

    /// <summary>The state of a document <c>d</c>; null where it has none.</summary>
    public const string StateSql = "ifnull(d.state, (SELECT s.state FROM edge_states s WHERE s.row = d.row))";

    /// <summary>Makes the tables of a new file.</summary>
    public static void Create(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            CREATE TABLE edge_meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

            -- One row for each replica that has written: how far its feed is held as of change number "indexed", the id of its last change, and whether nobody has followed that yet.
            CREATE TABLE edge_feeds (feed INTEGER PRIMARY KEY, replica BLOB NOT NULL UNIQUE, last INTEGER NOT NULL, last_id BLOB NOT NULL, is_head INTEGER NOT NULL);

            -- The log. sequence is the order of arrival here; bytes are header and body as their author encoded them; seal is the owner's signature on its feed up to here.
            CREATE TABLE edge_changes (sequence INTEGER PRIMARY KEY, feed INTEGER NOT NULL, last INTEGER NOT NULL, id BLOB NOT NULL, seal BLOB, bytes BLOB NOT NULL);
            CREATE INDEX edge_changes_sealed ON edge_changes (feed, last) WHERE seal IS NOT NULL;

            -- The oldest changes, packed: first to last is their order of arrival. See LogSegment.
            CREATE TABLE edge_segments (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, bytes BLOB NOT NULL);

            PRAGMA application_id = {ApplicationId.ToString(CultureInfo.InvariantCulture)};
            PRAGMA user_version = {(FormatVersion + 1).ToString(CultureInfo.InvariantCulture)};
            """;
        command.ExecuteNonQuery();
    }

    /// <summary>Makes the tables of what follows from the log, in place of those that are there. They are filled by folding the log.</summary>
    public static void CreateDerived(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            DROP INDEX IF EXISTS edge_changes_by_feed;
            CREATE INDEX IF NOT EXISTS edge_changes_sealed ON edge_changes (feed, last) WHERE seal IS NOT NULL;
            CREATE TABLE IF NOT EXISTS edge_segments (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, bytes BLOB NOT NULL);
            DROP TABLE IF EXISTS edge_positions;
            DROP TABLE IF EXISTS edge_documents;
            DROP TABLE IF EXISTS edge_states;
            DROP TABLE IF EXISTS edge_history;
            DROP TABLE IF EXISTS edge_purged;
            DROP TABLE IF EXISTS edge_holes;
            DROP TABLE IF EXISTS edge_waiting;
            DROP TABLE IF EXISTS edge_events;

            -- Where the changes of each feed are in the log, up to change number "indexed": a commit that wrote here would write one page more. Of those in one segment only the last one of the feed.
            CREATE TABLE edge_positions (feed INTEGER NOT NULL, last INTEGER NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY (feed, last)) WITHOUT ROWID;
            UPDATE edge_feeds SET last = 0, last_id = x'', is_head = 0;

            -- One row a document. present is 1 where it exists, 0 where it is deleted, 2 where sections of it are absent; version is the sequence of the newest change that has a section for it.
            -- state is what the log folded to as of change number covers, where that is small; tail are the changes that it lacks. A document with a few changes has none: they are joined when it is read.
            -- covered are the newest changes that the state holds: those that are not in the history.
            CREATE TABLE edge_documents (row INTEGER PRIMARY KEY, collection TEXT NOT NULL, id BLOB NOT NULL, present INTEGER NOT NULL, version INTEGER NOT NULL, tail BLOB NOT NULL, covers INTEGER NOT NULL, covered BLOB NOT NULL, state BLOB);
            CREATE UNIQUE INDEX edge_documents_by_key ON edge_documents (collection, id);

            -- The states that are too large for their documents' rows.
            CREATE TABLE edge_states (row INTEGER PRIMARY KEY, state BLOB NOT NULL);

            -- Which changes have a section for a document, up to those that its row names, so that one document's changes are read without a scan of the log.
            CREATE TABLE edge_history (document INTEGER NOT NULL, last INTEGER NOT NULL, sequences BLOB NOT NULL, PRIMARY KEY (document, last)) WITHOUT ROWID;

            -- The documents that are erased for good.
            CREATE TABLE edge_purged (collection TEXT NOT NULL, id BLOB NOT NULL, PRIMARY KEY (collection, id)) WITHOUT ROWID;

            -- The sections that are absent, and that no purge explains.
            CREATE TABLE edge_holes (collection TEXT NOT NULL, id BLOB NOT NULL, sequence INTEGER NOT NULL, section INTEGER NOT NULL, PRIMARY KEY (collection, id, sequence, section)) WITHOUT ROWID;

            -- Which documents have sections that wait for a key, by the key's id. Each of these sections is a hole as well.
            CREATE TABLE edge_waiting (key BLOB NOT NULL, collection TEXT NOT NULL, id BLOB NOT NULL, PRIMARY KEY (key, collection, id)) WITHOUT ROWID;
            CREATE INDEX edge_waiting_by_document ON edge_waiting (collection, id);

            -- The events of all streams, by order of arrival: see StoredEvent.
            CREATE TABLE edge_events (position INTEGER PRIMARY KEY, collection TEXT NOT NULL, stream BLOB NOT NULL, depth INTEGER NOT NULL, time INTEGER NOT NULL, replica BLOB NOT NULL, counter INTEGER NOT NULL, value BLOB NOT NULL);
            CREATE INDEX edge_events_by_stream ON edge_events (stream, collection);

            -- The read models: which SQL table each collection has, and from which fields.
            CREATE TABLE IF NOT EXISTS edge_projections (collection TEXT PRIMARY KEY, definition BLOB NOT NULL) WITHOUT ROWID;
            """;
        command.ExecuteNonQuery();
    }

    /// <summary>The format version of the file; null for an empty one.</summary>
    /// <exception cref="EdgeStorageException">It belongs to another program, or was written by a newer version.</exception>
    public static int? Verify(SqliteConnection connection, string path, int versionMax = FormatVersion)
    {
        // SQLite takes a file shorter than its smallest page for an empty one, and would overwrite it.
        if (new FileInfo(path) is { Exists: true, Length: > 0 and < PageBytesMin }) throw Foreign(path, "is");
        var applicationId = ReadPragma(connection, "application_id");
        var version = ReadPragma(connection, "user_version") - 1;
        if (applicationId == 0 && version == -1 && ReadScalar(connection, "SELECT count(*) FROM sqlite_schema") == 0) return null;
        if (applicationId != ApplicationId)
            throw Foreign(path, "is a SQLite file of another program,");
        if (version > versionMax)
            throw new EdgeStorageException(EdgeErrorCode.NewerFormat, path, $"'{path}' has format version {version}; this version of Edge.Sync knows {versionMax} and older. Update Edge.Sync; the file was left as it is.");
        if (version < FormatVersionMin)
            throw new EdgeStorageException(EdgeErrorCode.OlderFormat, path, $"'{path}' has format version {version}, of a preview before the first version that stays readable ({FormatVersionMin}). Read it with the preview that wrote it; the file was left as it is.");
        return (int)version;
    }

    private static EdgeStorageException Foreign(string path, string what) =>
        new(EdgeErrorCode.NotADatabase, path, $"'{path}' {what} not an Edge.Sync database. Choose another path; the file was left as it is.");

    private static long ReadPragma(SqliteConnection connection, string name) => ReadScalar(connection, $"PRAGMA {name}");

    private static long ReadScalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
