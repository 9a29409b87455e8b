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
/// <item>In the result, none of the query's fields written: it stays where it is, with what one look for all feeds finds of it.</item>
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
    private readonly string _rowSql;
    private readonly SortOrder _order;
    private readonly Comparer<Row<T>> _places;
    private readonly Dictionary<DocumentId, Row<T>> _byId = [];

    public DocumentFeed(Feeds feeds, QueryPlan plan, object key, SqlFragment select, SortOrder order, Func<Task<FeedSource>> open) : base(feeds, key)
    {
        (_feeds, _plan, _select, _order, _open) = (feeds, plan, select, order, open);
        _row = (plan with { Searches = [], SkipCount = null, TakeCount = null }).ToRowSql();
        _rowSql = _row.ToString();
        _places = Comparer<Row<T>>.Create(Compare);
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
        HashSet<DocumentId>? looks = null;
        var isInPlace = true;
        foreach (var document in changed)
        {
            if (document.Key.Collection != _plan.Schema.Collection || (_plan.Id is { } only && only != document.Key.Id)) continue;
            var concerns = document.ExistenceChanged || document.Fields is null || Array.Exists(document.Fields, _select.Fields.Contains);
            if (!concerns && !_byId.ContainsKey(document.Key.Id)) continue;
            isInPlace &= !concerns;
            (looks ??= []).Add(document.Key.Id);
        }
        if (looks is null) return true;
        if (looks.Count > LooksMax || (!isInPlace && !_plan.IsByRow)) return false;

        var found = Look(reader, looks, isInPlace, sequence, Source!.Self);
        // Gone, though no commit has said so: the query knows.
        if (found is null || (isInPlace && found.Exists(static look => look.Row is null))) return false;
        _feeds.CountLook();
        result = isInPlace ? ReplaceInPlace(result, found) : Replace(result, found);
        return true;
    }

    protected override bool AreSame(Row<T>[] a, Row<T>[] b) => Row<T>.AreSame(a, b);

    /// <summary>The rows as they are now, null for those that the query does not hold; null where the moment is later than the commits that are known.</summary>
    private List<(DocumentId Id, Row<T>? Row)>? Look(ReaderConnection reader, HashSet<DocumentId> looks, bool isInPlace, long sequence, ReplicaId self)
    {
        var found = new List<(DocumentId, Row<T>?)>(looks.Count);
        var documents = DocumentRows.On(reader);
        foreach (var id in looks)
        {
            var look = documents.Look(_plan.Schema, id, self);
            if (look.Version > sequence) return null;
            // Whether the query holds it, and where, has not changed where none of its fields was written.
            var old = isInPlace ? _byId.GetValueOrDefault(id) : null;
            var keys = old?.SortKeys ?? (look.Store is null ? null : FindKeys(reader, id));
            found.Add((id, keys is null || look.Store is null ? null : new(old?.Key ?? id, look.Version, look.Document<T>()) { SortKeys = keys, Content = look.LocalVersion }));
        }
        return found;
    }

    /// <summary>The keys of a document that the query holds; null for one that it does not.</summary>
    private object?[]? FindKeys(ReaderConnection reader, DocumentId id)
    {
        var statement = reader.Prepare(_rowSql);
        try
        {
            _row.Bind(statement, last: id.ToString());
            return statement.Step() && statement.Int64(0) != 0 ? Keys(statement, 1) : null;
        }
        finally { statement.Reset(); }
    }

    private Row<T>[] ReplaceInPlace(Row<T>[] result, List<(DocumentId Id, Row<T>? Row)> found)
    {
        var rows = (Row<T>[])result.Clone();
        foreach (var (id, row) in found)
        {
            var at = _plan.IsByRow ? Array.BinarySearch(rows, _byId[id], _places) : Array.IndexOf(rows, _byId[id]);
            rows[at] = _byId[id] = row!;
        }
        return rows;
    }

    private Row<T>[] Replace(Row<T>[] result, List<(DocumentId Id, Row<T>? Row)> found)
    {
        var rows = new List<Row<T>>(result.Length + found.Count);
        rows.AddRange(result);
        foreach (var (id, row) in found)
        {
            if (_byId.Remove(id, out var old)) rows.RemoveAt(_plan.IsByRow ? rows.BinarySearch(old, _places) : rows.IndexOf(old));
            if (row is null) continue;
            _byId[id] = row;
            rows.Insert(~rows.BinarySearch(row, _places), row);
        }
        return [.. rows];
    }

    private int Compare(Row<T> a, Row<T> b)
    {
        var order = _order.Compare(a.SortKeys, b.SortKeys);
        return order != 0 ? order : ((DocumentId)a.Key).CompareTo((DocumentId)b.Key);
    }

    private Row<T> Read(ReaderConnection reader, SqliteStatement statement, int first, ReplicaId self)
    {
        var id = DocumentRows.Id(statement, first);
        var documents = DocumentRows.On(reader);
        return new(id, DocumentRows.Version(statement, first), T.Attach(documents.Read(_plan.Schema, id, statement, first, self)))
        {
            SortKeys = Keys(statement, first + DocumentRows.ColumnCount(_plan.Schema)),
            Content = documents.LocalVersion(_plan.Schema, id),
        };
    }

    private object?[] Keys(SqliteStatement statement, int first)
    {
        var keys = _order.Count == 0 ? [] : new object?[_order.Count];
        for (var i = 0; i < keys.Length; i++) keys[i] = statement.Value(first + i);
        return keys;
    }
}
