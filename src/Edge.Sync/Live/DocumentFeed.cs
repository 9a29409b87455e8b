using Edge.Sync.Documents;
using Edge.Sync.Projections;
using Edge.Sync.Projections.Queries;
using Edge.Sync.Storage;

namespace Edge.Sync.Live;

/// <summary>The documents of a query.</summary>
/// <remarks>
/// After a commit each changed document is one of these:
/// <list type="number">
/// <item>Not in the result, still there or still not there, none of the query's fields written: of no interest.</item>
/// <item>In the result, none of the query's fields written: it is read again and stays where it is.</item>
/// <item>Anything else, where a document's place follows from its own row: its row is read, with whether the query holds it, and put where its keys say.</item>
/// <item>Anything else in a query with a limit or a search: the query runs again.</item>
/// </list>
/// All of it is read in one moment; where that is later than the commits that are known, the query runs again, for else one half of a later commit might be seen.
/// </remarks>
internal sealed class DocumentFeed<T> : Feed<Row<T>[]> where T : class, IEdgeDocument<T>
{
    private const int LooksMax = 64;

    private readonly Feeds _feeds;
    private readonly QueryPlan _plan;
    private readonly Func<Task<FeedSource>> _open;
    private readonly SqlFragment _select, _row;
    private readonly SortOrder _order;
    private readonly Dictionary<DocumentId, Row<T>> _byId = [];

    public DocumentFeed(Feeds feeds, QueryPlan plan, object key, SqlFragment select, SortOrder order, Func<Task<FeedSource>> open) : base(feeds, key)
    {
        (_feeds, _plan, _select, _order, _open) = (feeds, plan, select, order, open);
        _row = (plan with { Searches = [], SkipCount = null, TakeCount = null }).ToRowSql();
    }

    /// <summary>The feed of a query. Its captured values are read now.</summary>
    public static Feed<Row<T>[]> Read(Feeds feeds, QueryPlan plan, Func<Task<FeedSource>> open, IFeedReader<Row<T>[]> reader)
    {
        var select = plan.ToSelectSql(out var order);
        var key = (typeof(T), FeedKey.Of(select));
        return feeds.Read(key, () => new DocumentFeed<T>(feeds, plan, key, select, order, open), reader);
    }

    protected override Task<FeedSource> OpenAsync() => _open();

    protected override Row<T>[] Run(FeedSource source)
    {
        _feeds.CountRun();
        var rows = source.Readers.Read(reader => QueryReading.Run(reader, _plan, _select, statement =>
        {
            var result = new List<Row<T>>();
            while (statement.Step())
                result.Add(Read(reader, statement, 0, source.Self));
            return result.ToArray();
        }));
        // What is as it was keeps its object, and with it what was read of it.
        for (var i = 0; i < rows.Length; i++)
            if (_byId.TryGetValue((DocumentId)rows[i].Key, out var known) && known.IsSame(rows[i])) rows[i] = known;
        _byId.Clear();
        foreach (var row in rows) _byId[(DocumentId)row.Key] = row;
        return rows;
    }

    protected override bool TryFollow(ReaderConnection reader, ref Row<T>[] result, IReadOnlyList<CommittedDocument> changed, long sequence)
    {
        var looks = new HashSet<DocumentId>();
        var isInPlace = true;
        foreach (var document in changed)
        {
            if (document.Key.Collection != _plan.Schema.Collection || (_plan.Id is { } only && only != document.Key.Id)) continue;
            var concerns = document.ExistenceChanged || document.Fields is null || Array.Exists(document.Fields, _select.Fields.Contains);
            if (!concerns && !_byId.ContainsKey(document.Key.Id)) continue;
            isInPlace &= !concerns;
            looks.Add(document.Key.Id);
        }
        if (looks.Count == 0) return true;
        if (looks.Count > LooksMax || (!isInPlace && !_plan.IsByRow)) return false;

        var found = Look(reader, looks, sequence, Source!.Self);
        if (found is null) return false;
        _feeds.CountLook();
        result = Replace(result, found, isInPlace);
        return true;
    }

    protected override bool AreSame(Row<T>[] a, Row<T>[] b) => Row<T>.AreSame(a, b);

    /// <summary>The rows as they are now, null for those that the query does not hold; null where the moment is later than the commits that are known.</summary>
    private List<(DocumentId Id, Row<T>? Row)>? Look(ReaderConnection reader, HashSet<DocumentId> looks, long sequence, ReplicaId self)
    {
        var found = new List<(DocumentId, Row<T>?)>(looks.Count);
        var statement = reader.Prepare(_row.ToString());
        foreach (var id in looks)
        {
            try
            {
                _row.Bind(statement, last: id.ToByteArray());
                if (!statement.Step()) found.Add((id, null));
                else if (DocumentRows.Version(statement, 1) > sequence) return null;
                else found.Add((id, statement.Int64(0) != 0 || !_plan.IsByRow ? Read(reader, statement, 1, self) : null));
            }
            finally { statement.Reset(); }
        }
        return found;
    }

    private Row<T>[] Replace(Row<T>[] result, List<(DocumentId Id, Row<T>? Row)> found, bool isInPlace)
    {
        var rows = new List<Row<T>>(result);
        foreach (var (id, row) in found)
        {
            if (_byId.Remove(id, out var old))
            {
                var at = IndexOf(rows, old, isInPlace && !_plan.IsByRow);
                if (isInPlace && row is not null) rows[at] = row;
                else rows.RemoveAt(at);
                if (isInPlace && row is not null)
                {
                    _byId[id] = row;
                    continue;
                }
            }
            if (row is null) continue;
            _byId[id] = row;
            var place = rows.BinarySearch(row, Comparer<Row<T>>.Create(Compare));
            rows.Insert(~place, row);
        }
        return [.. rows];
    }

    // Rows of a search are sorted by their rank, which is not known here.
    private int IndexOf(List<Row<T>> rows, Row<T> row, bool byScan) => byScan || _plan.Searches.Count > 0 ? rows.IndexOf(row) : rows.BinarySearch(row, Comparer<Row<T>>.Create(Compare));

    private int Compare(Row<T> a, Row<T> b)
    {
        var order = _order.Compare(a.SortKeys, b.SortKeys);
        return order != 0 ? order : ((DocumentId)a.Key).CompareTo((DocumentId)b.Key);
    }

    private Row<T> Read(ReaderConnection reader, SqliteStatement statement, int first, ReplicaId self)
    {
        var id = DocumentRows.Id(statement, first);
        var keys = _order.Count == 0 ? [] : new object?[_order.Count];
        for (var i = 0; i < keys.Length; i++) keys[i] = statement.Value(first + DocumentRows.ColumnCount(_plan.Schema) + i);
        var documents = DocumentRows.On(reader);
        return new(id, DocumentRows.Version(statement, first), T.Attach(documents.Read(_plan.Schema, id, statement, first, self))) { SortKeys = keys, Content = documents.LocalVersion(_plan.Schema, id) };
    }
}
