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
    /// <summary>What a query selects for <see cref="Read(DocumentKey, SqliteDataReader, int)"/>, of <c>edge_documents d LEFT JOIN edge_states s ON s.row = d.row</c>.</summary>
    public const string Columns = "d.tail, s.state";

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

    /// <summary>The same bytes, to be decoded when that is asked for.</summary>
    /// <exception cref="EdgeStorageException">The file is damaged.</exception>
    public LateState ReadLate(DocumentSchema schema, DocumentKey key, byte[]? state, long[] tail)
    {
        try
        {
            var late = new StoredDocument(key, path, state, tail.Length == 0 ? [] : [.. ReadTail(tail)], schema.HasLocalFields ? LocalTable.Read(connection, key) : null) { Keys = keys };
            // What is encrypted might be forgotten before it is decoded: a snapshot never changes.
            if (tail.Length > 0 && !keys.IsEmpty) _ = late.State;
            return late;
        }
        catch (EdgeDataException e) { throw Damaged(key, path, e); }
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
            yield return _log.FindBytes(sequence) is { } change ? change : throw new EdgeDataException($"Change {sequence} is not in the log.", "document.tail");
    }
}
