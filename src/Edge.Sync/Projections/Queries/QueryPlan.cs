using System.Globalization;
using System.Linq.Expressions;
using Edge.Sync.Documents;
using Edge.Sync.Projections.Search;

namespace Edge.Sync.Projections.Queries;

/// <summary>What a query asks for. Immutable: each step gives a new plan. Lambdas are kept as they are and translated when the query runs, so that captured values are read then.</summary>
internal sealed record QueryPlan(DocumentSchema Schema)
{
    /// <summary>The one document that is asked for; null for a query over all.</summary>
    public DocumentId? Id { get; init; }

    public IReadOnlyList<LambdaExpression> Conditions { get; init; } = [];

    public IReadOnlyList<(LambdaExpression Key, bool Descending)> Order { get; init; } = [];

    /// <summary>Expressions of FTS5, all of which must match. Null for one that nothing can match.</summary>
    public IReadOnlyList<string?> Searches { get; init; } = [];

    /// <summary>Whether a search is the app's own expression, which may be malformed.</summary>
    public bool IsRawSearch { get; init; }

    public long? SkipCount { get; init; }

    public int? TakeCount { get; init; }

    /// <summary>Whether a document's place follows from its own row alone.</summary>
    public bool IsByRow => SkipCount is null && TakeCount is null && Searches.Count == 0;

    /// <summary>Rows as <see cref="DocumentRows"/> reads them, in order.</summary>
    public SqlFragment ToSelectSql() => ToSelectSql(out _);

    /// <inheritdoc cref="ToSelectSql()"/>
    /// <param name="order">How the keys that follow each row sort.</param>
    public SqlFragment ToSelectSql(out SortOrder order)
    {
        var sql = new SqlFragment();
        sql.Append($"SELECT {DocumentRows.Columns(Schema)}");
        order = AppendKeys(sql);
        sql.Append($" FROM {Source} JOIN edge_documents d ON d.row = t.{SqlName.Row} WHERE 1");
        AppendConditions(sql);
        return AppendOrder(sql, order);
    }

    /// <summary>Rows as <see cref="DocumentColumns"/> says, in order.</summary>
    public SqlFragment ToSelectSql(DocumentColumns columns)
    {
        var sql = new SqlFragment().Append($"SELECT {columns.Sql}");
        var order = AppendKeys(sql);
        sql.Append($" FROM {Source} WHERE 1");
        AppendConditions(sql);
        return AppendOrder(sql, order);
    }

    private SqlFragment AppendOrder(SqlFragment sql, SortOrder order)
    {
        sql.Append(" ORDER BY ");
        for (var i = 0; i < order.Count; i++)
            sql.Append($"{KeyName(i)}{(order.IsDecimal(i) ? $" COLLATE {SqlFunctions.DecimalOrder}" : "")}{(order.IsDescending(i) ? " DESC" : "")}, ");
        if (Searches.Count > 0 && Order.Count == 0) sql.Append("f.rank, ");
        // The id last, so that equal keys come in the same order on every replica.
        sql.Append($"t.{SqlName.Id}");
        return AppendLimit(sql);
    }

    /// <summary>Of one document, whose id in hexadecimal is the last parameter, whether the query holds it, and behind that its keys; nothing where there is none.</summary>
    public SqlFragment ToRowSql()
    {
        var sql = new SqlFragment();
        sql.Append("SELECT 1");
        AppendConditions(sql);
        AppendKeys(sql);
        return sql.Append($" FROM {Table} t WHERE t.{SqlName.Id} = ").AppendParameter(null);
    }

    /// <summary>One row with a number.</summary>
    public SqlFragment ToCountSql()
    {
        var sql = new SqlFragment().Append($"SELECT count(*) FROM (SELECT 1 FROM {Source} WHERE 1");
        AppendConditions(sql);
        return AppendLimit(sql).Append(")");
    }

    private string Source => Searches.Count == 0 ? $"{Table} t" : $"{SearchTable} f CROSS JOIN {Table} t ON t.{SqlName.Row} = f.rowid";

    private string Table => SqlName.Quote(Schema.Collection);

    private string SearchTable => SqlName.Quote(FullTextTable.NameOf(Schema.Collection));

    // No field has such a name that it could be mistaken for it: columns are named with their table.
    private static string KeyName(int index) => string.Create(CultureInfo.InvariantCulture, $"edge_key_{index}");

    private SortOrder AppendKeys(SqlFragment sql)
    {
        var keys = new (bool IsDescending, bool IsDecimal)[Order.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            sql.Append(", ");
            keys[i] = (Order[i].Descending, new ConditionTranslator(Schema, Order[i].Key.Parameters[0], sql).TranslateOrderKey(Order[i].Key.Body));
            sql.Append($" AS {KeyName(i)}");
        }
        return new(keys);
    }

    private void AppendConditions(SqlFragment sql)
    {
        if (Id is { } id) sql.Append($" AND t.{SqlName.Id} = ").AppendParameter(id.ToString());
        if (Searches.Count > 0)
        {
            sql.Append($" AND f.{SearchTable} MATCH ").AppendParameter(string.Join(" AND ", Searches.Select(static text => $"({text ?? "\"\""})")));
            foreach (var field in Schema.Fields)
                if (field.IsSearchable) sql.Fields.Add(field.Id);
        }
        foreach (var condition in Conditions)
        {
            sql.Append(" AND (");
            new ConditionTranslator(Schema, condition.Parameters[0], sql).Translate(condition.Body);
            sql.Append(")");
        }
    }

    private SqlFragment AppendLimit(SqlFragment sql) =>
        TakeCount is null && SkipCount is null ? sql : sql.Append(string.Create(CultureInfo.InvariantCulture, $" LIMIT {TakeCount ?? -1} OFFSET {SkipCount ?? 0}"));
}
