using Edge.Sync.Log;
using Edge.Sync.Storage.Segments;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Storage;

/// <summary>Reads the log of any database file, whether its changes stand in rows of their own or are packed: the oldest are. Not safe for use by several threads at once.</summary>
/// <remarks>
/// What it reads is of one moment only within a transaction, or while a statement of the caller's stands open. A segment that was read is kept, in case the next change is in it too;
/// who writes to the file calls <see cref="Forget"/>.
/// </remarks>
internal sealed class LogReader(SqliteConnection connection) : IDisposable
{
    private const string Columns = "SELECT c.sequence, f.replica, c.last, c.id, c.bytes, c.seal FROM edge_changes c LEFT JOIN edge_feeds f ON f.feed = c.feed";
    private const int SegmentsMax = 4;

    private readonly SqliteStatement _after = new(connection, $"{Columns} WHERE c.sequence > ?1 ORDER BY c.sequence");
    private readonly SqliteStatement _one = new(connection, $"{Columns} WHERE c.sequence = ?1");
    private readonly SqliteStatement _oneBytes = new(connection, "SELECT bytes FROM edge_changes WHERE sequence = ?1");
    private readonly SqliteStatement _place = new(connection, "SELECT first, last FROM edge_segments WHERE first <= ?1 ORDER BY first DESC LIMIT 1");
    private readonly SqliteStatement _bytes = new(connection, "SELECT bytes FROM edge_segments WHERE first = ?1");
    private readonly List<LogSegment> _segments = []; // the one that was used last stands first
    private DatabaseId? _database;

    /// <summary>The changes after a place, in order of arrival.</summary>
    /// <exception cref="EdgeStorageException">A segment is damaged.</exception>
    public IEnumerable<StoredChange> ReadAfter(long sequence)
    {
        while (SegmentOf(sequence + 1) is { } segment)
            for (var i = (int)(sequence + 1 - segment.First); i < segment.Changes.Count; i++, sequence++)
                yield return segment.Changes[i];
        try
        {
            _after.Bind(1, sequence);
            while (_after.Step())
                yield return Read(_after);
        }
        finally { _after.Reset(); }
    }

    /// <summary>The change at a place; null where there is none.</summary>
    /// <exception cref="EdgeStorageException">Its segment is damaged.</exception>
    public StoredChange? Find(long sequence)
    {
        try
        {
            if (_one.Bind(1, sequence).Step()) return Read(_one);
        }
        finally { _one.Reset(); }
        return SegmentOf(sequence) is { } segment ? segment.Changes[(int)(sequence - segment.First)] : null;
    }

    /// <summary>The bytes of the change at a place; null where there is none.</summary>
    /// <exception cref="EdgeStorageException">Its segment is damaged.</exception>
    public ReadOnlyMemory<byte>? FindBytes(long sequence)
    {
        try
        {
            if (_oneBytes.Bind(1, sequence).Step()) return _oneBytes.Blob(0).ToArray();
        }
        finally { _oneBytes.Reset(); }
        return SegmentOf(sequence) is { } segment ? segment.Changes[(int)(sequence - segment.First)].Bytes : null;
    }

    /// <summary>The segment that holds the change at a place; null where it is not packed.</summary>
    /// <exception cref="EdgeStorageException">It is damaged.</exception>
    public LogSegment? SegmentOf(long sequence)
    {
        if (PlaceOf(sequence) is not { } place) return null;
        var segment = _segments.Find(segment => segment.First == place.First);
        if (segment is not null) _segments.Remove(segment);
        else
        {
            if (_segments.Count == SegmentsMax) _segments.RemoveAt(SegmentsMax - 1);
            segment = Decode(place.First, place.Last);
        }
        _segments.Insert(0, segment);
        return segment;
    }

    /// <summary>Where the segment that holds the change at a place begins and ends; null where it is not packed.</summary>
    public (long First, long Last)? PlaceOf(long sequence)
    {
        try { return _place.Bind(1, sequence).Step() && _place.Int64(1) >= sequence ? (_place.Int64(0), _place.Int64(1)) : null; }
        finally { _place.Reset(); }
    }

    /// <summary>Reads segments anew from here on.</summary>
    public void Forget() => _segments.Clear();

    public void Dispose()
    {
        _after.Dispose();
        _one.Dispose();
        _oneBytes.Dispose();
        _place.Dispose();
        _bytes.Dispose();
    }

    private LogSegment Decode(long first, long last)
    {
        try
        {
            var segment = LogSegment.Read(_database ??= ReadDatabase(), first, ReadBytes(first));
            return segment.Last == last ? segment : throw new EdgeDataException($"It ends at {segment.Last}.", "segment.count");
        }
        catch (EdgeDataException e)
        {
            throw new EdgeStorageException(EdgeErrorCode.StorageDamaged, connection.DataSource, $"The changes {first} to {last} in '{connection.DataSource}' are damaged. Keep a copy of the file and repair it, or restore the last backup. {e.Message}", e);
        }
    }

    private static StoredChange Read(SqliteStatement row)
    {
        if (row.IsNull(1)) throw new InvalidCastException($"Change {row.Int64(0)} is of a feed that edge_feeds does not know.");
        return new(row.Int64(0), new(ReplicaId.FromBytes(row.Blob(1)), (ulong)row.Int64(2)), new ChangeId(Hash256.FromBytes(row.Blob(3))), row.Blob(4).ToArray(), row.IsNull(5) ? default : row.Blob(5).ToArray());
    }

    private byte[] ReadBytes(long first)
    {
        try { return _bytes.Bind(1, first).Step() ? _bytes.Blob(0).ToArray() : throw new InvalidCastException($"The segment at change {first} is gone."); }
        finally { _bytes.Reset(); }
    }

    private DatabaseId ReadDatabase()
    {
        using var meta = new SqliteStatement(connection, "SELECT value FROM edge_meta WHERE key = 'database'");
        return meta.Step() ? new(Hash256.FromBytes(meta.Blob(0))) : throw new InvalidCastException("edge_meta lacks 'database'.");
    }
}
