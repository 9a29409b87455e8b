using System.Globalization;
using System.Linq.Expressions;
using Edge.Sync.Documents;
using Edge.Sync.Projections.Search;

namespace Edge.Sync.Projections.Queries;

/// <summary>What a query asks for. Immutable: each step gives a new plan. Lambdas are kept as they are and translated when the query runs, so that captured values are read then.</summary>
internal sealed record QueryPlan(DocumentSchema Schema)
{
    public IReadOnlyList<LambdaExpression> Conditions { get; init; } = [];

    public IReadOnlyList<(LambdaExpression Key, bool Descending)> Order { get; init; } = [];

    /// <summary>Expressions of FTS5, all of which must match. Null for one that nothing can match.</summary>
    public IReadOnlyList<string?> Searches { get; init; } = [];

    /// <summary>Whether a search is the app's own expression, which may be malformed.</summary>
    public bool IsRawSearch { get; init; }

    public long? SkipCount { get; init; }

    public int? TakeCount { get; init; }

    /// <summary>Rows of (id, version, what <see cref="DocumentReader"/> reads), in order.</summary>
    public SqlFragment ToSelectSql() =>
        Build($"SELECT d.id, d.version, {DocumentReader.Columns} FROM {Source} JOIN edge_documents d ON d.row = t.{SqlName.Row} LEFT JOIN edge_states s ON s.row = d.row", ordered: true);

    /// <summary>One row with a number.</summary>
    public SqlFragment ToCountSql()
    {
        var inner = Build($"SELECT 1 FROM {Source}", ordered: false);
        var sql = new SqlFragment().Append($"SELECT count(*) FROM ({inner})");
        sql.Parameters.AddRange(inner.Parameters);
        return sql;
    }

    private string Source => Searches.Count == 0
        ? $"{SqlName.Quote(Schema.Collection)} t" : $"{SearchTable} f CROSS JOIN {SqlName.Quote(Schema.Collection)} t ON t.{SqlName.Row} = f.rowid";

    private string SearchTable => SqlName.Quote(FullTextTable.NameOf(Schema.Collection));

    private SqlFragment Build(string select, bool ordered)
    {
        var sql = new SqlFragment().Append(select).Append(" WHERE 1");
        if (Searches.Count > 0) sql.Append($" AND f.{SearchTable} MATCH ").AppendParameter(string.Join(" AND ", Searches.Select(static text => $"({text ?? "\"\""})")));
        foreach (var condition in Conditions)
        {
            sql.Append(" AND (");
            new ConditionTranslator(Schema, condition.Parameters[0], sql).Translate(condition.Body);
            sql.Append(")");
        }
        if (ordered)
        {
            sql.Append(" ORDER BY ");
            foreach (var (key, descending) in Order)
            {
                new ConditionTranslator(Schema, key.Parameters[0], sql).TranslateOrderKey(key.Body);
                sql.Append(descending ? " DESC, " : ", ");
            }
            if (Searches.Count > 0 && Order.Count == 0) sql.Append("f.rank, ");
            // The id last, so that equal keys come in the same order on every replica.
            sql.Append($"t.{SqlName.Id}");
        }
        if (TakeCount is not null || SkipCount is not null)
            sql.Append(string.Create(CultureInfo.InvariantCulture, $" LIMIT {TakeCount ?? -1} OFFSET {SkipCount ?? 0}"));
        return sql;
    }
}
