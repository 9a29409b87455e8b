using System.Linq.Expressions;

namespace Edge.Sync.Tests.Projections;

/// <summary>Compares a query with the same condition, compiled, over the snapshots of all documents.</summary>
internal static class QueryOracle
{
    /// <returns>How many documents the condition holds for.</returns>
    public static async Task<int> CheckAsync<T>(EdgeDatabase db, Expression<Func<T, bool>> condition) where T : class, IEdgeDocument<T>
    {
        var documents = db.Documents<T>();
        var all = await documents.ToListAsync();
        var expected = all.Where(condition.Compile()).Select(static document => document.Id).ToList();
        var query = documents.Where(condition);
        Assert.Equal(expected, (await query.ToListAsync()).Select(static document => document.Id)); // both by id
        Assert.Equal(expected.Count, await query.CountAsync());
        Assert.Equal(expected.Count > 0, await query.AnyAsync());
        Assert.Equal(expected.Count == 0 ? null : expected[0], (await query.FirstOrDefaultAsync())?.Id);
        // The opposite must be the rest: a comparison with NULL is true or false, never unknown.
        var opposite = documents.Where(Expression.Lambda<Func<T, bool>>(Expression.Not(condition.Body), condition.Parameters));
        Assert.Equal(all.Count - expected.Count, await opposite.CountAsync());
        return expected.Count;
    }
}
