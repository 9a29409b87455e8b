using System.Linq.Expressions;
using Edge.Sync.Projections.Queries;

namespace Edge.Sync;

/// <summary>A query that is sorted already, and may be sorted further.</summary>
/// <typeparam name="T">A class with <see cref="EdgeDocumentAttribute"/>.</typeparam>
public sealed class OrderedDocumentQuery<T> : DocumentQuery<T> where T : class, IEdgeDocument<T>
{
    internal OrderedDocumentQuery(EdgeDatabase database, QueryPlan plan, EditOptions options) : base(database, plan, options) { }

    /// <summary>Then ascending by <paramref name="key"/>.</summary>
    public OrderedDocumentQuery<T> ThenBy<TKey>(Expression<Func<T, TKey>> key) => Ordered(Plan.Order, key, descending: false);

    /// <summary>Then descending by <paramref name="key"/>.</summary>
    public OrderedDocumentQuery<T> ThenByDescending<TKey>(Expression<Func<T, TKey>> key) => Ordered(Plan.Order, key, descending: true);
}
