using System.Linq.Expressions;
using Edge.Sync.Live;
using Edge.Sync.Projections.Queries;
using Edge.Sync.Projections.Search;

namespace Edge.Sync;

/// <summary>A query over one collection, translated to SQL. Immutable: each step gives a new query. Safe for use by several threads at once.</summary>
/// <typeparam name="T">A class with <see cref="EdgeDocumentAttribute"/>.</typeparam>
/// <remarks>
/// Neither <see cref="IQueryable{T}"/> nor <see cref="IAsyncEnumerable{T}"/>, so that no operator runs in the client without a word. Text compares
/// and sorts by code point. What cannot be translated throws <see cref="NotSupportedException"/>, which names the part.
/// </remarks>
public class DocumentQuery<T> where T : class, IEdgeDocument<T>
{
    internal DocumentQuery(EdgeDatabase database, QueryPlan plan, EditOptions options) => (Database, Plan, Options) = (database, plan, options);

    internal EdgeDatabase Database { get; }

    internal QueryPlan Plan { get; }

    /// <summary>How edits of live documents are written.</summary>
    private protected EditOptions Options { get; }

    /// <summary>Only documents for which <paramref name="condition"/> holds. Captured values are read each time the query runs; of one that is watched, or live, when that begins.</summary>
    /// <exception cref="NotSupportedException">A part of it cannot be translated, or it comes after <see cref="Skip"/> or <see cref="Take"/>.</exception>
    public DocumentQuery<T> Where(Expression<Func<T, bool>> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ThrowIfLimited(nameof(Where));
        return new(Database, Verified(Plan with { Conditions = [.. Plan.Conditions, condition] }), Options);
    }

    /// <summary>Only documents whose texts with <see cref="SearchableAttribute"/> match; the best match first, unless the query is sorted otherwise.</summary>
    /// <param name="text">What to look for. A blank text leaves the query as it is, so that a search box may be empty.</param>
    /// <param name="syntax">How the text is read. As <see cref="SearchSyntax.Words"/>, anything that a user types is safe.</param>
    /// <exception cref="NotSupportedException">No property of the class has <see cref="SearchableAttribute"/>, or it comes after <see cref="Skip"/> or <see cref="Take"/>.</exception>
    /// <exception cref="ArgumentException">The text has more than 4,096 characters or 64 words.</exception>
    /// <remarks>Case and diacritics make no difference. Several searches must all match. An expression of <see cref="SearchSyntax.Fts5"/> that is malformed throws <see cref="EdgeDataException"/> when the query runs.</remarks>
    public DocumentQuery<T> Search(string text, SearchSyntax syntax = SearchSyntax.Words)
    {
        ArgumentNullException.ThrowIfNull(text);
        ThrowIfLimited(nameof(Search));
        if (!Plan.Schema.Fields.Any(static field => field.IsSearchable))
            throw new NotSupportedException($"Collection '{Plan.Schema.Collection}' has no full-text index. Give the properties to search the attribute [Searchable].");
        var expression = syntax == SearchSyntax.Fts5 ? text : SearchText.ToExpression(text);
        return expression == "" ? this : new(Database, Plan with { Searches = [.. Plan.Searches, expression], IsRawSearch = Plan.IsRawSearch || syntax == SearchSyntax.Fts5 }, Options);
    }

    /// <summary>Ascending by <paramref name="key"/>; equal keys by id.</summary>
    public OrderedDocumentQuery<T> OrderBy<TKey>(Expression<Func<T, TKey>> key) => Ordered([], key, descending: false);

    /// <summary>Descending by <paramref name="key"/>; equal keys by id.</summary>
    public OrderedDocumentQuery<T> OrderByDescending<TKey>(Expression<Func<T, TKey>> key) => Ordered([], key, descending: true);

    /// <summary>Leaves out the first <paramref name="count"/> documents.</summary>
    public DocumentQuery<T> Skip(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        // Of a query that is limited already, the first documents of those that it has.
        return new(Database, Plan with { SkipCount = (Plan.SkipCount ?? 0) + (long)count, TakeCount = Plan.TakeCount is { } take ? Math.Max(0, take - count) : null }, Options);
    }

    /// <summary>At most <paramref name="count"/> documents.</summary>
    public DocumentQuery<T> Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new(Database, Plan with { TakeCount = Math.Min(Plan.TakeCount ?? int.MaxValue, count) }, Options);
    }

    /// <summary>The documents, as immutable snapshots of one moment.</summary>
    public async Task<IReadOnlyList<T>> ToListAsync(CancellationToken cancellationToken = default) =>
        await Database.QueryAsync<T>(Plan, cancellationToken).ConfigureAwait(false);

    /// <summary>The first document, or null.</summary>
    public async Task<T?> FirstOrDefaultAsync(CancellationToken cancellationToken = default)
    {
        var result = await Database.QueryAsync<T>(Plan with { TakeCount = Math.Min(Plan.TakeCount ?? 1, 1) }, cancellationToken).ConfigureAwait(false);
        return result.Count > 0 ? result[0] : null;
    }

    /// <summary>The first document for which <paramref name="condition"/> holds, or null: as <c>Where(condition).FirstOrDefaultAsync()</c>.</summary>
    /// <exception cref="NotSupportedException">As of <see cref="Where"/>.</exception>
    public Task<T?> FirstOrDefaultAsync(Expression<Func<T, bool>> condition, CancellationToken cancellationToken = default) => Where(condition).FirstOrDefaultAsync(cancellationToken);

    /// <summary>How many documents there are.</summary>
    public Task<long> CountAsync(CancellationToken cancellationToken = default) => Database.CountAsync(Plan, cancellationToken);

    /// <summary>How many documents there are for which <paramref name="condition"/> holds: as <c>Where(condition).CountAsync()</c>.</summary>
    /// <exception cref="NotSupportedException">As of <see cref="Where"/>.</exception>
    public Task<long> CountAsync(Expression<Func<T, bool>> condition, CancellationToken cancellationToken = default) => Where(condition).CountAsync(cancellationToken);

    /// <summary>Whether there is any document.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancellationToken = default) =>
        await Database.CountAsync(Plan with { TakeCount = Math.Min(Plan.TakeCount ?? 1, 1) }, cancellationToken).ConfigureAwait(false) > 0;

    /// <summary>Whether there is any document for which <paramref name="condition"/> holds: as <c>Where(condition).AnyAsync()</c>.</summary>
    /// <exception cref="NotSupportedException">As of <see cref="Where"/>.</exception>
    public Task<bool> AnyAsync(Expression<Func<T, bool>> condition, CancellationToken cancellationToken = default) => Where(condition).AnyAsync(cancellationToken);

    /// <summary>Evicts the documents of the result, as <see cref="DocumentSet{T}.EvictAsync(DocumentId, CancellationToken)"/> does, and writes the file anew once. Those that must stay are told.</summary>
    /// <exception cref="EdgeDocumentException">The file was not made with <see cref="EdgeDatabaseOptions.MayEvict"/>. Nothing was freed.</exception>
    /// <exception cref="EdgeStorageException">It could not be stored: some may be evicted. Or it is, and bytes could not be taken out of the file yet; then that is tried again by itself.</exception>
    public Task<EvictionReport> EvictAsync(CancellationToken cancellationToken = default) => Database.EvictAsync(Plan, cancellationToken);

    /// <summary>
    /// The result now, and again after each commit that changes it. Registered when called, not when first enumerated. A slow reader gets the
    /// newest result and skips what it missed.
    /// </summary>
    /// <remarks>Ends quietly when the database is disposed; throws <see cref="OperationCanceledException"/> on its token.</remarks>
    public IAsyncEnumerable<IReadOnlyList<T>> WatchAsync(CancellationToken cancellationToken = default) => new FeedSequence<Row<T>[], IReadOnlyList<T>>(
        Database.Feeds, reader => DocumentFeed<T>.Read(Database.Feeds, Plan, () => Database.OpenFeedAsync(T.Schema), reader), Row<T>.Values, cancellationToken);

    /// <summary>The result as a list that stays up to date, for binding to a UI. Loads in the background. Dispose it.</summary>
    /// <param name="context">Where it changes; null for the context that is current where this is called.</param>
    /// <remarks>Captured values are read now. Setters of its documents queue edits; see <see cref="LiveList{T}"/>.</remarks>
    public LiveList<T> ToLiveList(SynchronizationContext? context = null) => new(
        Database.Scheduler, context ?? SynchronizationContext.Current, new DocumentItems<T>(Database.NewLiveEdits(T.Schema, Options)), reader => ReadFeed(Plan, reader));

    /// <summary>How many documents there are, as a value that stays up to date, for binding to a UI. Loads in the background. Dispose it.</summary>
    /// <param name="context">Where it changes; null for the context that is current where this is called.</param>
    /// <remarks>Captured values are read now.</remarks>
    public LiveValue<long> ToLiveCount(SynchronizationContext? context = null) => new(Database.Scheduler, context ?? SynchronizationContext.Current, 0, reader =>
    {
        var feed = CountFeed.Read(Database.Feeds, Plan, () => Database.OpenFeedAsync(T.Schema), reader);
        return () => Database.Feeds.Stop(feed, reader);
    });

    private protected Action ReadFeed(QueryPlan plan, IFeedReader<Row<T>[]> reader)
    {
        var feed = DocumentFeed<T>.Read(Database.Feeds, plan, () => Database.OpenFeedAsync(T.Schema), reader);
        return () => Database.Feeds.Stop(feed, reader);
    }

    private protected OrderedDocumentQuery<T> Ordered<TKey>(IEnumerable<(LambdaExpression, bool)> before, Expression<Func<T, TKey>> key, bool descending)
    {
        ArgumentNullException.ThrowIfNull(key);
        ThrowIfLimited("Sorting");
        return new(Database, Verified(Plan with { Order = [.. before, (key, descending)] }), Options);
    }

    // SQL has one LIMIT, after all conditions and the order.
    private void ThrowIfLimited(string step)
    {
        if (Plan.SkipCount is not null || Plan.TakeCount is not null)
            throw new NotSupportedException($"{step} cannot come after Skip or Take. Put it before them.");
    }

    // Translates once to throw where the mistake is, not where the query runs.
    private static QueryPlan Verified(QueryPlan plan)
    {
        plan.ToSelectSql();
        return plan;
    }
}
