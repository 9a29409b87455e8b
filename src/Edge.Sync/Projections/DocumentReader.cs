using Edge.Sync.Documents;
using Edge.Sync.Storage;
using Edge.Sync.Trust.Content;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Projections;

/// <summary>
/// Reads documents on any connection to a database file: the stored state, and the changes that it lacks, which the log has. Not safe for use by several threads at once.
/// </summary>
/// <remarks>Changes are read while the caller's own query stands open, so that both see one moment of the file.</remarks>
internal sealed class DocumentReader(SqliteConnection connection, string path, IContentKeys keys) : IDisposable
{
    /// <summary>What a query selects for <see cref="Read(DocumentKey, SqliteDataReader, int)"/>, of <c>edge_documents d</c>.</summary>
    public const string Columns = $"d.tail, {SqliteSchema.StateSql}";

    private readonly LogReader _log = new(connection);

    /// <summary>The document whose <see cref="Columns"/> begin at <paramref name="column"/> of the row.</summary>
    /// <exception cref="EdgeStorageException">The file is damaged.</exception>
    public DocumentState Read(DocumentKey key, SqliteDataReader row, int column) =>
        Read(key, row.IsDBNull(column + 1) ? null : row.GetFieldValue<byte[]>(column + 1), SequenceRun.Read(row.GetFieldValue<byte[]>(column)));

    /// <inheritdoc cref="Read(DocumentKey, SqliteDataReader, int)"/>
    public DocumentState Read(DocumentKey key, byte[]? state, long[] tail)
    {
        try { return DocumentFold.Load(key, state, ReadTail(tail), keys); }
        catch (EdgeDataException e) { throw Damaged(key, path, e); }
    }

    /// <summary>Where documents of a collection are from.</summary>
    public StoredOrigin OriginOf(string collection) => new(collection, path, keys);

    /// <summary>The stored bytes of a document, to be decoded when that is asked for.</summary>
    /// <param name="origin">Where it is from.</param>
    /// <param name="id">The document.</param>
    /// <param name="hasLocal">Whether the class has fields that stay on the device.</param>
    /// <param name="row">A row that has, from <paramref name="first"/> on: the changes that the state lacks, the state, the newest change and, where it is one of them, its bytes.</param>
    /// <param name="first">The first of these columns.</param>
    /// <exception cref="EdgeStorageException">The file is damaged.</exception>
    public StoredDocument ReadStored(StoredOrigin origin, DocumentId id, bool hasLocal, SqliteStatement row, int first)
    {
        try
        {
            var tail = row.Blob(first) is { IsEmpty: false } run ? SequenceRun.Read(run) : [];
            var hasLast = tail.Length > 0 && !row.IsNull(first + 3) && row.Int64(first + 2) == tail[^1];
            var changes = (hasLast ? tail.Length - 1 : tail.Length) is > 0 and var count ? new ReadOnlyMemory<byte>[count] : [];
            for (var i = 0; i < changes.Length; i++) changes[i] = ReadChange(tail[i]);
            var stored = StoredDocument.Read(origin, id, row, first + 1, changes, hasLast ? first + 3 : -1, hasLocal ? LocalTable.Read(connection, new(origin.Collection, id)) : null);
            // What is encrypted might be forgotten before it is decoded: a snapshot never changes.
            if (tail.Length > 0 && !keys.IsEmpty) _ = stored.State;
            return stored;
        }
        catch (EdgeDataException e) { throw Damaged(new(origin.Collection, id), path, e); }
    }

    /// <summary>The fields of a document that stay on this device; null where the class has none.</summary>
    public DocumentState? ReadLocal(DocumentSchema schema, DocumentId id)
    {
        if (!schema.HasLocalFields) return null;
        var key = new DocumentKey(schema.Collection, id);
        try { return LocalTable.Read(connection, key) is { } bytes ? DocumentCodec.Read(key, bytes) : null; }
        catch (EdgeDataException e) { throw Damaged(key, path, e); }
    }

    /// <summary>A stored state that cannot be read is the file's fault, not that of whoever meets it.</summary>
    public static EdgeStorageException Damaged(DocumentKey key, string path, EdgeDataException e) =>
        new(EdgeErrorCode.StorageDamaged, path, $"What is stored of document {key} in '{path}' is damaged. Keep a copy of the file and repair it, or restore the last backup. {e.Message}", e);

    public void Dispose() => _log.Dispose();

    private IEnumerable<ReadOnlyMemory<byte>> ReadTail(long[] tail)
    {
        foreach (var sequence in tail)
            yield return ReadChange(sequence);
    }

    private ReadOnlyMemory<byte> ReadChange(long sequence) =>
        _log.FindBytes(sequence) is { } change ? change : throw new EdgeDataException($"Change {sequence} is not in the log.", "document.tail");
}
