using Edge.Sync.Documents;
using Edge.Sync.Storage;

namespace Edge.Sync.Projections;

/// <summary>Reads documents from the rows of a query. Lives as long as a connection. Not safe for use by several threads at once.</summary>
internal sealed partial class DocumentRows(ReaderConnection connection) : IDisposable
{
    private readonly DocumentReader _documents = new(connection.Connection, connection.Path, connection.Keys);

    private const string Find = $"SELECT d.version, d.present = 1, {DocumentReader.Columns} FROM edge_documents d WHERE d.collection = ?1 AND d.id = ?2";

    private readonly Dictionary<(DocumentSchema, DocumentId), FieldStore> _shared = [];
    private readonly Dictionary<(DocumentSchema, DocumentId), DocumentLook> _looks = [];
    private bool _isSharing;

    public static DocumentRows On(ReaderConnection connection) => connection.Companion(static connection => new DocumentRows(connection));

    /// <summary>What a query selects of <c>edge_documents d</c>, for the members below.</summary>
    public static string Columns(DocumentSchema schema) => $"d.id, d.version, {DocumentReader.Columns}";

    /// <summary>How many columns those are: what else a query selects comes behind them.</summary>
    public static int ColumnCount(DocumentSchema schema) => 4;

    public static DocumentId Id(SqliteStatement row, int first) => DocumentId.FromBytes(row.Blob(first));

    /// <summary>The newest change of the document.</summary>
    public static long Version(SqliteStatement row, int first) => row.Int64(first + 1);

    /// <summary>Runs <paramref name="read"/>, which sees one moment of the database: a document that is read twice in it is made once.</summary>
    public T Sharing<T>(Func<T> read)
    {
        _isSharing = true;
        try { return read(); }
        finally
        {
            _isSharing = false;
            _shared.Clear();
            _looks.Clear();
        }
    }

    /// <exception cref="EdgeStorageException">The file is damaged.</exception>
    public FieldStore Read(DocumentSchema schema, DocumentId id, SqliteStatement row, int first, ReplicaId self)
    {
        if (!_isSharing) return Make(schema, id, row, first, self);
        if (!_shared.TryGetValue((schema, id), out var made)) _shared.Add((schema, id), made = Make(schema, id, row, first, self));
        return made;
    }

    /// <summary>A document as it is at the moment that <see cref="Sharing"/> sees: looked up once, and made once, for all who ask.</summary>
    /// <exception cref="EdgeStorageException">The file is damaged.</exception>
    public DocumentLook Look(DocumentSchema schema, DocumentId id, ReplicaId self)
    {
        if (_looks.TryGetValue((schema, id), out var known)) return known;
        var row = connection.Prepare(Find);
        try
        {
            var look = !row.Bind(1, schema.Collection).Bind(2, id.ToByteArray()).Step() ? DocumentLook.None
                : row.Int64(1) == 0 ? new(row.Int64(0), null, null)
                : new(row.Int64(0), Make(schema, id, row, 0, self), LocalVersion(schema, id));
            if (_isSharing) _looks.Add((schema, id), look);
            return look;
        }
        finally { row.Reset(); }
    }

    /// <summary>The same; null for a document whose keys were destroyed since the row's moment.</summary>
    /// <exception cref="EdgeStorageException">The file is damaged.</exception>
    public FieldStore? TryRead(DocumentSchema schema, DocumentId id, SqliteStatement row, int first, ReplicaId self) =>
        Read(schema, id, row, first, self) is { State.Existence.Exists: true } store ? store : null;

    /// <summary>What tells one version of the fields that stay on this device from the next; null where the class has none.</summary>
    public object? LocalVersion(DocumentSchema schema, DocumentId id) => schema.HasLocalFields ? LocalTable.ReadVersion(connection.Connection, new(schema.Collection, id)) : null;

    public void Dispose()
    {
        _stored?.Dispose();
        _documents.Dispose();
    }

    private FieldStore Make(DocumentSchema schema, DocumentId id, SqliteStatement row, int first, ReplicaId self)
    {
        var state = row.IsNull(first + 3) ? null : row.Blob(first + 3).ToArray();
        return FieldStore.Snapshot(schema, _documents.Read(new(schema.Collection, id), state, SequenceRun.Read(row.Blob(first + 2))), self, _documents.ReadLocal(schema, id));
    }
}
