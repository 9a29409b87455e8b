using Edge.Sync.Documents;
using Edge.Sync.Storage;

namespace Edge.Sync.Projections.Search;

/// <summary>The full-text index of a read model (SQLite's FTS5), kept in the transaction that changes the rows; used by the writer only.</summary>
/// <remarks>
/// It has no texts of its own but reads those of the read model's row ("external content"), so a row is taken out of the index while it still has its old texts, and put in with the
/// new ones. Rows whose texts stay as they are cost one look at them.
/// </remarks>
internal sealed class FullTextTable(SqliteStore store, ProjectionDefinition definition) : IDisposable
{
    private SqliteStatement? _isUnchanged, _remove, _add;

    private string Table => SqlName.Quote(NameOf(definition.Collection));

    private string Columns => string.Concat(definition.SearchColumns.Select(static c => ", " + SqlName.Quote(c.Name)));

    public static string NameOf(string collection) => $"edge_search_{collection}";

    /// <summary>Case and diacritics make no difference; words are runs of letters and digits (Unicode 6.1).</summary>
    public string CreateSql =>
        $"CREATE VIRTUAL TABLE {Table} USING fts5({Columns[2..]}, content={SqlName.Quote(definition.Collection)}, content_rowid={SqlName.Quote(SqlName.Row)}, tokenize='unicode61 remove_diacritics 2')";

    /// <summary>Indexes all rows anew.</summary>
    public string RebuildSql => Command("rebuild");

    /// <summary>Empties the index, before or after the rows go.</summary>
    public string ClearSql => Command("delete-all");

    /// <summary>Whether the row is there already and has the texts that it is about to get.</summary>
    public bool IsUnchanged(long row, DocumentState document)
    {
        _isUnchanged ??= new(store.Connection, $"SELECT 1 FROM {SqlName.Quote(definition.Collection)} WHERE {SqlName.Row} = ?1{string.Concat(definition.SearchColumns.Select(static (c, i) => $" AND {SqlName.Quote(c.Name)} IS ?{i + 2}"))}");
        _isUnchanged.Bind(1, row);
        for (var i = 0; i < definition.SearchColumns.Count; i++)
            _isUnchanged.BindValue(i + 2, definition.SearchColumns[i].ValueIn(document));
        try { return _isUnchanged.Step(); }
        finally { _isUnchanged.Reset(); }
    }

    /// <summary>Takes out a row with the texts that it has; nothing where there is no such row.</summary>
    public void Remove(long row) =>
        (_remove ??= new(store.Connection, $"INSERT INTO {Table} ({Table}, rowid{Columns}) SELECT 'delete', {SqlName.Row}{Columns} FROM {SqlName.Quote(definition.Collection)} WHERE {SqlName.Row} = ?1")).Bind(1, row).Run();

    /// <summary>Puts in a row with the texts that it has.</summary>
    public void Add(long row) =>
        (_add ??= new(store.Connection, $"INSERT INTO {Table} (rowid{Columns}) SELECT {SqlName.Row}{Columns} FROM {SqlName.Quote(definition.Collection)} WHERE {SqlName.Row} = ?1")).Bind(1, row).Run();

    public void Dispose()
    {
        _isUnchanged?.Dispose();
        _remove?.Dispose();
        _add?.Dispose();
    }

    private string Command(string name) => $"INSERT INTO {Table} ({Table}) VALUES ('{name}')";
}
