using System.Globalization;
using System.Linq.Expressions;
using Edge.Sync.Documents;

namespace Edge.Sync.Projections.Queries;

/// <summary>What a query asks for. Immutable: each step gives a new plan. Lambdas are kept as they are and translated when the query runs, so that captured values are read then.</summary>
internal sealed record QueryPlan(DocumentSchema Schema)
{
    public IReadOnlyList<LambdaExpression> Conditions { get; init; } = [];

    public IReadOnlyList<(LambdaExpression Key, bool Descending)> Order { get; init; } = [];

    public long? SkipCount { get; init; }

    public int? TakeCount { get; init; }

    /// <summary>Rows of (id, version, what <see cref="DocumentReader"/> reads), in order.</summary>
    public SqlFragment ToSelectSql() =>
        Build($"SELECT d.id, d.version, {DocumentReader.Columns} FROM {SqlName.Quote(Schema.Collection)} t JOIN edge_documents d ON d.row = t.{SqlName.Row} LEFT JOIN edge_states s ON s.row = d.row", ordered: true);

    /// <summary>One row with a number.</summary>
    public SqlFragment ToCountSql()
    {
        var inner = Build($"SELECT 1 FROM {SqlName.Quote(Schema.Collection)} t", ordered: false);
        var sql = new SqlFragment().Append($"SELECT count(*) FROM ({inner})");
        sql.Parameters.AddRange(inner.Parameters);
        return sql;
    }

    private SqlFragment Build(string select, bool ordered)
    {
        var sql = new SqlFragment().Append(select);
        for (var i = 0; i < Conditions.Count; i++)
        {
            sql.Append(i == 0 ? " WHERE (" : " AND (");
            new ConditionTranslator(Schema, Conditions[i].Parameters[0], sql).Translate(Conditions[i].Body);
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
            // The id last, so that equal keys come in the same order on every replica.
            sql.Append($"t.{SqlName.Id}");
        }
        if (TakeCount is not null || SkipCount is not null)
            sql.Append(string.Create(CultureInfo.InvariantCulture, $" LIMIT {TakeCount ?? -1} OFFSET {SkipCount ?? 0}"));
        return sql;
    }
}
