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

    /// <summary>As <see cref="Unwrap"/>, but stops at a conversion that can change the value, such as <c>(int)</c> of a double.</summary>
    public static Expression UnwrapLossless(Expression expression)
    {
        while (expression is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } conversion && IsLossless(conversion.Operand.Type, conversion.Type))
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
            case MemberExpression { Member: { Name: "HasValue" or "Value", DeclaringType: { } type } nullable, Expression: { } inner } when Nullable.GetUnderlyingType(type) is not null:
                // Reflection sees a boxed nullable as its value or as null.
                var value = Evaluate(inner);
                return nullable.Name == "HasValue" ? value is not null : value ?? throw new InvalidOperationException($"'{expression}' has no value.");
            case MemberExpression { Member: FieldInfo field } member: return field.GetValue(member.Expression is null ? null : Evaluate(member.Expression));
            case MemberExpression { Member: PropertyInfo property } member: return property.GetValue(member.Expression is null ? null : Evaluate(member.Expression));
            case NewExpression { Arguments.Count: > 0, Constructor: { } constructor } created: return constructor.Invoke([.. created.Arguments.Select(Evaluate)]);
            case MethodCallExpression call: return call.Method.Invoke(call.Object is null ? null : Evaluate(call.Object), [.. call.Arguments.Select(Evaluate)]);
            default:
                throw new NotSupportedException($"The value '{expression}' cannot be read without compiling it. Put it into a local variable before the query.");
        }
    }

    // A number converted to a wider one compares alike; user-defined conversions are called.
    private static object? Convert(object? value, UnaryExpression conversion)
    {
        if (conversion.Method is { } method) return value is null ? null : method.Invoke(null, [value]);
        if (IsLossless(conversion.Operand.Type, conversion.Type)) return value;
        throw new NotSupportedException($"The value '{conversion}' cannot be read without compiling it. Put it into a local variable before the query.");
    }

    private static bool IsLossless(Type from, Type to)
    {
        (from, to) = (Nullable.GetUnderlyingType(from) ?? from, Nullable.GetUnderlyingType(to) ?? to);
        if (from == to || to.IsAssignableFrom(from) || IsScalar(from)) return true;
        return Range(from) is var (min, max) && Range(to) is var (toMin, toMax) && toMin <= min && max <= toMax;
    }

    // Property types that are their value in SQL, and convert to it in C#.
    private static bool IsScalar(Type type) =>
        type == typeof(Counter) || type == typeof(GrowCounter) || type == typeof(BoundedCounter) || type == typeof(EnableWinsFlag) || type == typeof(DisableWinsFlag);

    // Whole numbers by the bits that they need; an enum is its number. A real is wide enough for any of them, as C# itself holds.
    private static (int Min, int Max)? Range(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => (0, 8),
        TypeCode.SByte => (-7, 7),
        TypeCode.UInt16 or TypeCode.Char => (0, 16),
        TypeCode.Int16 => (-15, 15),
        TypeCode.UInt32 => (0, 32),
        TypeCode.Int32 => (-31, 31),
        TypeCode.UInt64 => (0, 64),
        TypeCode.Int64 => (-63, 63),
        TypeCode.Single => (-100, 100),
        TypeCode.Double => (-200, 200),
        _ => null,
    };

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
