using System.Linq.Expressions;
using System.Reflection;

namespace Edge.Sync.Projections.Queries;

/// <summary>Looks into the operands of a query's lambda: takes off conversions, and reads captured values by reflection without compiling anything.</summary>
internal static class Operand
{
    /// <summary>The expression without the conversions around it: implicit ones, enum to number, value to nullable.</summary>
    public static Expression Unwrap(Expression expression)
    {
        while (expression is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked or ExpressionType.Quote } conversion)
            expression = conversion.Operand;
        return expression;
    }

    /// <summary>The array behind the conversion to a span that C# 14 puts around it. A span itself cannot be evaluated.</summary>
    public static Expression UnwrapSpan(Expression expression) =>
        Unwrap(expression) is MethodCallExpression { Method.Name: "op_Implicit", Arguments: [var array] } ? Unwrap(array) : Unwrap(expression);

    public static bool Mentions(Expression expression, ParameterExpression parameter)
    {
        var finder = new ParameterFinder(parameter);
        finder.Visit(expression);
        return finder.Found;
    }

    /// <summary>The value of an expression that does not mention the document: constants, captured variables and their members.</summary>
    /// <exception cref="NotSupportedException">It would need to be compiled.</exception>
    public static object? Evaluate(Expression expression)
    {
        switch (expression)
        {
            case ConstantExpression constant: return constant.Value;
            case DefaultExpression: return null;
            case UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } conversion: return Convert(Evaluate(conversion.Operand), conversion);
            case MemberExpression { Member: FieldInfo field } member: return field.GetValue(member.Expression is null ? null : Evaluate(member.Expression));
            case MemberExpression { Member: PropertyInfo property } member: return property.GetValue(member.Expression is null ? null : Evaluate(member.Expression));
            case NewExpression { Arguments.Count: > 0, Constructor: { } constructor } created: return constructor.Invoke([.. created.Arguments.Select(Evaluate)]);
            case MethodCallExpression call: return call.Method.Invoke(call.Object is null ? null : Evaluate(call.Object), [.. call.Arguments.Select(Evaluate)]);
            default:
                throw new NotSupportedException($"The value '{expression}' cannot be read without compiling it. Put it into a local variable before the query.");
        }
    }

    // A number converted to another kind of number compares alike; user-defined conversions are called.
    private static object? Convert(object? value, UnaryExpression conversion) =>
        conversion.Method is { } method && value is not null ? method.Invoke(null, [value]) : value;

    private sealed class ParameterFinder(ParameterExpression parameter) : ExpressionVisitor
    {
        public bool Found { get; private set; }

        protected override Expression VisitParameter(ParameterExpression node)
        {
            Found |= node == parameter;
            return node;
        }
    }
}
