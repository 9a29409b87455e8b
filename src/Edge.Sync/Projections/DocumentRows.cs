using Edge.Sync.Documents;
using Edge.Sync.Storage;

namespace Edge.Sync.Projections;

/// <summary>Reads documents from the rows of a query. Lives as long as a connection. Not safe for use by several threads at once.</summary>
internal sealed class DocumentRows(ReaderConnection connection) : IDisposable
{
    private readonly DocumentReader _documents = new(connection.Connection, connection.Path, connection.Keys);

    public static DocumentRows On(ReaderConnection connection) => connection.Companion(static connection => new DocumentRows(connection));

    /// <summary>What a query selects of <c>edge_documents d LEFT JOIN edge_states s ON s.row = d.row</c>, for the members below.</summary>
    public static string Columns(DocumentSchema schema) => $"d.id, d.version, {DocumentReader.Columns}";

    /// <summary>How many columns those are: what else a query selects comes behind them.</summary>
    public static int ColumnCount(DocumentSchema schema) => 4;

    public static DocumentId Id(SqliteStatement row, int first) => DocumentId.FromBytes(row.Blob(first));

    /// <summary>The newest change of the document.</summary>
    public static long Version(SqliteStatement row, int first) => row.Int64(first + 1);

    /// <exception cref="EdgeStorageException">The file is damaged.</exception>
    public FieldStore Read(DocumentSchema schema, DocumentId id, SqliteStatement row, int first, ReplicaId self) =>
        FieldStore.Snapshot(schema, ReadState(schema, id, row, first), self, _documents.ReadLocal(schema, id));

    /// <summary>The same; null for a document whose keys were destroyed since the row's moment.</summary>
    /// <exception cref="EdgeStorageException">The file is damaged.</exception>
    public FieldStore? TryRead(DocumentSchema schema, DocumentId id, SqliteStatement row, int first, ReplicaId self)
    {
        var state = ReadState(schema, id, row, first);
        return state.Existence.Exists ? FieldStore.Snapshot(schema, state, self, _documents.ReadLocal(schema, id)) : null;
    }

    /// <summary>What tells one version of the fields that stay on this device from the next; null where the class has none.</summary>
    public object? LocalVersion(DocumentSchema schema, DocumentId id) => schema.HasLocalFields ? LocalTable.ReadVersion(connection.Connection, new(schema.Collection, id)) : null;

    public void Dispose() => _documents.Dispose();

    private DocumentState ReadState(DocumentSchema schema, DocumentId id, SqliteStatement row, int first)
    {
        var state = row.IsNull(first + 3) ? null : row.Blob(first + 3).ToArray();
        return _documents.Read(new(schema.Collection, id), state, SequenceRun.Read(row.Blob(first + 2)));
    }
}
