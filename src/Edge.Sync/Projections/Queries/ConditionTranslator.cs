using System.Collections;
using System.Globalization;
using System.Linq.Expressions;
using System.Text;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync.Projections.Queries;

/// <summary>
/// Turns the lambda of a query into SQL by looking at its tree; nothing is compiled, so it works under Native AOT.
/// </summary>
/// <remarks>
/// Meaning is C#'s, not SQL's: a comparison with a column that is NULL is true or false, never unknown. Text compares by code point.
/// It judges by operand types, not by <see cref="BinaryExpression.Method"/>, which is absent for strings under Native AOT.
/// </remarks>
internal sealed class ConditionTranslator(DocumentSchema schema, ParameterExpression document, SqlFragment sql)
{
    /// <summary>Appends a condition.</summary>
    /// <exception cref="NotSupportedException">A part of it has no counterpart in SQL; the message names it.</exception>
    public void Translate(Expression condition)
    {
        condition = Operand.Unwrap(condition);
        switch (condition)
        {
            case BinaryExpression { NodeType: ExpressionType.AndAlso } and: Join(and, " AND "); break;
            case BinaryExpression { NodeType: ExpressionType.OrElse } or: Join(or, " OR "); break;
            case UnaryExpression { NodeType: ExpressionType.Not } not:
                sql.Append("NOT (");
                Translate(not.Operand);
                sql.Append(")");
                break;
            case BinaryExpression comparison when SqlOperator(comparison.NodeType) is { } symbol: Compare(comparison, symbol); break;
            case MethodCallExpression call: TranslateCall(call); break;
            case MemberExpression { Member.Name: "HasValue" } hasValue when Column(Operand.Unwrap(hasValue.Expression!)) is { } nullable:
                sql.Append($"{nullable.Raw} IS NOT NULL");
                break;
            case MemberExpression member when Column(member) is { } column && (member.Type == typeof(bool) || column.IsFlag): sql.Append($"{column.Sql} IS 1"); break;
            case var other when !Operand.Mentions(other, document) && Operand.Evaluate(other) is bool constant: sql.Append(constant ? "1" : "0"); break;
            default: throw Unsupported(condition);
        }
    }

    /// <summary>Appends the column to sort by.</summary>
    /// <returns>Whether it sorts as decimals do.</returns>
    public bool TranslateOrderKey(Expression key)
    {
        var column = Column(Operand.Unwrap(key));
        if (column is not { IsJson: false }) throw Unsupported(key);
        sql.Append(column.Sql);
        return column.IsDecimal;
    }

    private void Join(BinaryExpression expression, string symbol)
    {
        sql.Append("(");
        Translate(expression.Left);
        sql.Append(symbol);
        Translate(expression.Right);
        sql.Append(")");
    }

    private void Compare(BinaryExpression comparison, string symbol)
    {
        var (left, right) = (ColumnOrNull(comparison.Left), ColumnOrNull(comparison.Right));
        var ordering = comparison.NodeType is not (ExpressionType.Equal or ExpressionType.NotEqual);
        if (left is null && right is null)
        {
            CompareValues(comparison);
            return;
        }
        if (!ordering && IsRecordOrNull(left, right, comparison) is { } record)
        {
            sql.Append(comparison.NodeType == ExpressionType.Equal ? $"{record.Raw} IS NULL" : $"{record.Raw} IS NOT NULL");
            return;
        }
        // Collections and objects have no equality.
        if (left is { IsJson: true } || right is { IsJson: true }) throw Unsupported(comparison);

        // NaN equals nothing and orders with nothing. As a column's value it is NULL, which equals itself.
        if (IsNaN(left, comparison.Left) || IsNaN(right, comparison.Right))
        {
            sql.Append(comparison.NodeType == ExpressionType.NotEqual ? "1" : "0");
            return;
        }

        // IS and IS NOT treat NULL as a value, as == and != do in C#. With < and the like NULL gives false on both sides, which NOT must not turn to unknown.
        if (ordering) sql.Append("coalesce(");
        Side(left, comparison.Left, ordering);
        sql.Append(symbol);
        Side(right, comparison.Right, ordering);
        if (ordering) sql.Append(", 0)");
    }

    // A record has no equality in SQL, but it may be null.
    private ColumnReference? IsRecordOrNull(ColumnReference? left, ColumnReference? right, BinaryExpression comparison)
    {
        if (left is { IsJson: true, Field.Kind: CrdtKind.Register } && right is null && Evaluate(comparison.Right) is null) return left;
        return right is { IsJson: true, Field.Kind: CrdtKind.Register } && left is null && Evaluate(comparison.Left) is null ? right : null;
    }

    // As in (filter == null || j.Title == filter), where the first half does not mention the document.
    private void CompareValues(BinaryExpression comparison)
    {
        if (comparison.NodeType is not (ExpressionType.Equal or ExpressionType.NotEqual) || Operand.Mentions(comparison, document)) throw Unsupported(comparison);
        var (a, b) = (Operand.Evaluate(comparison.Left), Operand.Evaluate(comparison.Right));
        var equal = a is null || b is null ? a is null && b is null : Equals(ColumnValue.OfConstant(a), ColumnValue.OfConstant(b));
        sql.Append(equal == (comparison.NodeType == ExpressionType.Equal) ? "1" : "0");
    }

    private void Side(ColumnReference? column, Expression expression, bool ordering)
    {
        if (column is { } reference) sql.Append(ordering ? reference.SortedSql : reference.Sql);
        else AppendValue(expression);
    }

    private void AppendValue(Expression expression) => sql.AppendParameter(ColumnValue.OfConstant(Evaluate(expression)));

    private object? Evaluate(Expression expression) => Operand.Mentions(expression, document) ? throw Unsupported(expression) : Operand.Evaluate(expression);

    private bool IsNaN(ColumnReference? column, Expression expression) => column is null && Evaluate(expression) is double.NaN or float.NaN;

    private void TranslateCall(MethodCallExpression call)
    {
        if (Column(call) is { } under && (call.Type == typeof(bool) || under.IsFlag))
        {
            sql.Append($"{under.Sql} IS 1");
            return;
        }
        if (call is { Object: { } target, Method.Name: "Contains" or "StartsWith" or "EndsWith", Arguments: [var argument, ..] })
        {
            var column = ColumnOrNull(target);
            if (column is { Field.Column: ColumnType.Text } && IsOrdinal(call)) { TextMatch(call.Method.Name, column, argument); return; }
            if (call.Arguments.Count == 1 && column is { Field.Kind: CrdtKind.Set or CrdtKind.GrowSet or CrdtKind.RemoveWinsSet }) { SetContains(column, argument); return; }
            if (call.Arguments.Count == 1 && column is null && call.Method.Name == "Contains" && ColumnOrNull(argument) is { } element) { In(element, target); return; }
        }
        if (TextsOfEquals(call) is var (a, b))
        {
            Compare(Expression.Equal(a, b), " IS ");
            return;
        }
        if (call is { Method.Name: nameof(string.IsNullOrEmpty), Object: null, Arguments: [var maybe] } && call.Method.DeclaringType == typeof(string) && ColumnOrNull(maybe) is { Field.Column: ColumnType.Text } text)
        {
            sql.Append($"coalesce({text.Sql}, '') = ''");
            return;
        }
        if (call is { Object: { } map, Method.Name: "ContainsKey", Arguments: [var key] } && ColumnOrNull(map) is { Field.Kind: CrdtKind.Map } entries) { MapContains(entries, key); return; }
        if (call is { Object: null, Method.Name: "Contains", Arguments: [var log, var wanted] } && ColumnOrNull(log) is { Field.Kind: CrdtKind.EventLog or CrdtKind.List } events) { SetContains(events, wanted); return; }
        // array.Contains(x) is MemoryExtensions.Contains over a span, or Enumerable.Contains; a third argument is a comparer, null by default.
        if (call is { Object: null, Method.Name: "Contains", Arguments.Count: 2 or 3 } && ColumnOrNull(call.Arguments[1]) is { } item
            && (call.Arguments.Count == 2 || Operand.Evaluate(call.Arguments[2]) is null))
        {
            In(item, Operand.UnwrapSpan(call.Arguments[0]));
            return;
        }
        throw Unsupported(call);
    }

    /// <summary>The sides of <c>a.Equals(b)</c> and <c>string.Equals(a, b)</c>, with or without <see cref="StringComparison.Ordinal"/>; null for other calls.</summary>
    private static (Expression, Expression)? TextsOfEquals(MethodCallExpression call)
    {
        if (call.Method.Name != nameof(string.Equals) || call.Method.DeclaringType != typeof(string)) return null;
        Expression[] all = call.Object is { } target ? [target, .. call.Arguments] : [.. call.Arguments];
        if (all.Length is not (2 or 3) || all[0].Type != typeof(string) || all[1].Type != typeof(string)) return null;
        return all.Length == 2 || (all[2].Type == typeof(StringComparison) && Operand.Evaluate(all[2]) is StringComparison.Ordinal) ? (all[0], all[1]) : null;
    }

    private static bool IsOrdinal(MethodCallExpression call) =>
        call.Arguments.Count == 1 || (call.Arguments.Count == 2 && call.Arguments[1].Type == typeof(StringComparison) && Operand.Evaluate(call.Arguments[1]) is StringComparison.Ordinal);

    private void SetContains(ColumnReference set, Expression item) =>
        sql.Append($"EXISTS (SELECT 1 FROM json_each({set.Sql}) WHERE value = ").AppendParameter(ColumnValue.OfElement(Evaluate(item))).Append(")");

    private void MapContains(ColumnReference map, Expression key) =>
        sql.Append($"EXISTS (SELECT 1 FROM json_each({map.Sql}) WHERE key = {KeyParameter(key)})");

    // By bytes: in UTF-8 that is by code point, and SQLite's own functions on text stop at U+0000.
    private void TextMatch(string method, ColumnReference column, Expression text)
    {
        var value = Evaluate(text) switch
        {
            string s => s,
            char c => c.ToString(),
            _ => throw Unsupported(text),
        };
        if (value.Length == 0) { sql.Append("1"); return; }
        var bytes = Encoding.UTF8.GetBytes(value);
        var length = bytes.Length.ToString(CultureInfo.InvariantCulture);
        var blob = $"CAST({column.Sql} AS BLOB)";
        switch (method)
        {
            case "Contains": sql.Append($"coalesce(instr({blob}, ").AppendParameter(bytes).Append(") > 0, 0)"); break;
            case "StartsWith": sql.Append($"coalesce(substr({blob}, 1, {length}) = ").AppendParameter(bytes).Append(", 0)"); break;
            default: sql.Append($"coalesce(substr({blob}, -{length}) = ").AppendParameter(bytes).Append(", 0)"); break;
        }
    }

    private void In(ColumnReference column, Expression values)
    {
        // A string is a sequence too, of characters: that is not what its Contains means.
        var sequence = Evaluate(values);
        if (sequence is string || sequence is not IEnumerable items) throw Unsupported(values);
        var (first, orNull) = (true, false);
        sql.Append($"(coalesce({column.Sql} IN (");
        foreach (var item in items)
        {
            // NaN is NULL in its column, and Contains finds NaN, though == does not.
            var value = ColumnValue.OfConstant(item);
            if (value is null or double.NaN) { orNull = true; continue; }
            if (!first) sql.Append(", ");
            sql.AppendParameter(value);
            first = false;
        }
        sql.Append(orNull ? $"), 0) OR {column.Sql} IS NULL)" : "), 0))");
    }

    // A conversion that changes values, such as (int) of a double, must not be dropped without a word.
    private ColumnReference? ColumnOrNull(Expression expression) => Column(Operand.UnwrapLossless(expression));

    private ColumnReference? Column(Expression expression) => expression switch
    {
        MemberExpression member => Column(member),
        MethodCallExpression { Method.Name: "get_Item", Object: { } map, Arguments: [var key] } => Column(Operand.Unwrap(map)) is { Field.Shape.Value: { Fields: null } value } column ? MapItem(column, value, key) : null,
        _ => null,
    };

    private ColumnReference MapItem(ColumnReference map, FieldShape value, Expression key) =>
        new($"(SELECT value FROM json_each({map.Sql}) WHERE key = {KeyParameter(key)})", new("", "", value, false), isOptional: true);

    private string KeyParameter(Expression key) => sql.Parameter(ColumnValue.OfConstant(Evaluate(key)) is { } name ? ColumnJson.KeyText(name) : null);

    private ColumnReference? Column(MemberExpression member)
    {
        if (member.Expression is null) return null;
        var owner = Operand.Unwrap(member.Expression);
        if (owner == document)
        {
            if (member.Member.Name == nameof(IEdgeDocument<>.Id)) return new($"t.{SqlName.Id}", null);
            if (schema.FindProperty(member.Member.Name) is not { } field) return null;
            sql.Fields.Add(field.Id);
            if (field.Lens is { } lens) sql.Fields.Add(lens.OldId);
            return new($"t.{SqlName.Quote(field.Name)}", field);
        }
        // j.Minutes.Value, j.Notes.Value, j.Due.Value are their columns; j.Parts.Count and j.Notes.Length are computed; j.Address.City lies in an object.
        if (Column(owner) is not { } column) return null;
        // A record may be null: j.Price.Value.Amount. The value of a lattice is what its column holds.
        if (member.Member.Name == "Value" && column.Field is { Kind: CrdtKind.Register or CrdtKind.Lattice }) return column;
        if (column.Field?.Shape.Fields is not null) return column.FieldOfObject(member.Member.Name);
        return (member.Member.Name, column.Field) switch
        {
            ("Value", _) => column,
            // j.Site.Id is what the reference's column holds.
            ("Id", { Column: ColumnType.Guid }) when typeof(IReference).IsAssignableFrom(owner.Type) => column,
            ("Count", { Column: ColumnType.JsonArray or ColumnType.JsonObjects }) => new($"json_array_length({column.Sql})", null),
            ("Count", { Column: ColumnType.JsonObject }) => new($"(SELECT count(*) FROM json_each({column.Sql}))", null),
            ("Length", { Column: ColumnType.Text }) => new($"{SqlFunctions.TextLength}(CAST({column.Sql} AS BLOB))", null),
            _ => null,
        };
    }

    private static string? SqlOperator(ExpressionType type) => type switch
    {
        ExpressionType.Equal => " IS ",
        ExpressionType.NotEqual => " IS NOT ",
        ExpressionType.LessThan => " < ",
        ExpressionType.LessThanOrEqual => " <= ",
        ExpressionType.GreaterThan => " > ",
        ExpressionType.GreaterThanOrEqual => " >= ",
        _ => null,
    };

    private static NotSupportedException Unsupported(Expression expression) => new(
        $"The part '{expression}' of the query cannot be translated to SQL. A query may compare properties of the document with values, combine comparisons with &&, || and !, "
        + "and use Contains, StartsWith and EndsWith. Filter the rest after ToListAsync, or use plain SQL.");
}
