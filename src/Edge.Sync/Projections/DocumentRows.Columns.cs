using System.Globalization;
using Edge.Sync.Documents;
using Edge.Sync.Storage;

namespace Edge.Sync.Projections;

/// <summary>Documents from rows of their read models.</summary>
/// <remarks>
/// What a class shows beside its columns is read by a statement of its own, for many rows at once: in the query itself it would be sorted with the rest, and a statement for each row takes longer than what it reads.
/// Both see one moment if the query stands open, or runs in a transaction.
/// </remarks>
internal sealed partial class DocumentRows
{
    private const int BatchMax = 32;

    private const string FindRow = "SELECT row FROM edge_documents WHERE collection = ?1 AND id = ?2";

    // Most documents lack one change, their newest, so that comes along.
    private static readonly string s_storedSql =
        $"SELECT d.row, d.tail, {SqliteSchema.StateSql}, d.version, c.bytes FROM edge_documents d LEFT JOIN edge_changes c ON c.sequence = CASE WHEN d.tail = x'' THEN NULL ELSE d.version END WHERE d.row IN ("
        + string.Join(", ", Enumerable.Range(1, BatchMax).Select(static i => string.Create(CultureInfo.InvariantCulture, $"?{i}"))) + ")";

    private readonly Pending[] _pending = new Pending[BatchMax];
    private SqliteStatement? _stored;
    private StoredOrigin? _origin;

    /// <summary>All documents of a query that selects what <see cref="DocumentColumns.Sql"/> says. In a transaction, where <see cref="DocumentColumns.NeedsState"/>.</summary>
    /// <exception cref="EdgeStorageException">The file is damaged.</exception>
    public void ReadAll<T>(DocumentColumns columns, SqliteStatement rows, ReplicaId self, List<T> result, Func<FieldStore, T> attach)
    {
        var count = 0;
        while (rows.Step())
        {
            if (!columns.NeedsState) result.Add(attach(Read(columns, rows, self)));
            else
            {
                _pending[count++] = new(DocumentColumns.Id(rows), columns.Row(rows), columns.ReadCells(rows, out _));
                if (count == BatchMax) Flush(ref count);
            }
        }
        Flush(ref count);

        void Flush(ref int count)
        {
            var pending = _pending.AsSpan(0, count);
            count = 0;
            if (pending.IsEmpty) return;
            ReadStored(columns.Schema, pending);
            foreach (ref readonly var one in pending)
                result.Add(attach(FieldStore.Snapshot(columns.Schema, one.Id, one.Cells, one.Late, self)));
            pending.Clear();
        }
    }

    /// <summary>The document of the row of a query, of a class that its columns show whole.</summary>
    /// <exception cref="EdgeStorageException">The file is damaged.</exception>
    public FieldStore Read(DocumentColumns columns, SqliteStatement row, ReplicaId self)
    {
        var id = DocumentColumns.Id(row);
        var cells = columns.ReadCells(row, out var lacksOne);
        return FieldStore.Snapshot(columns.Schema, id, cells, lacksOne ? FindStored(columns.Schema, id) : null, self);
    }

    private LateState FindStored(DocumentSchema schema, DocumentId id)
    {
        var row = connection.Prepare(FindRow);
        try
        {
            if (!row.Bind(1, schema.Collection).Bind(2, id.ToByteArray()).Step()) throw NoDocument(schema, id);
            var one = new Pending(id, row.Int64(0), []);
            ReadStored(schema, new(ref one));
            return one.Late!;
        }
        finally { row.Reset(); }
    }

    private void ReadStored(DocumentSchema schema, Span<Pending> pending)
    {
        var row = _stored ??= new(connection.Connection, s_storedSql);
        var origin = _origin?.Collection == schema.Collection ? _origin : _origin = _documents.OriginOf(schema.Collection);
        try
        {
            for (var i = 0; i < BatchMax; i++)
                _ = i < pending.Length ? row.Bind(i + 1, pending[i].Row) : row.BindValue(i + 1, null);
            while (row.Step())
            {
                var number = row.Int64(0);
                var i = 0;
                while (pending[i].Row != number) i++;
                pending[i].Late = _documents.ReadStored(origin, pending[i].Id, schema.HasLocalFields, row, 1);
            }
        }
        finally { row.Reset(); }
        foreach (ref readonly var one in pending)
            if (one.Late is null) throw NoDocument(schema, one.Id);
    }

    private static InvalidCastException NoDocument(DocumentSchema schema, DocumentId id) => new($"The row of {id} in '{schema.Collection}' is no document's.");

    private record struct Pending(DocumentId Id, long Row, ColumnCell[] Cells)
    {
        public LateState? Late { get; set; }
    }
}
