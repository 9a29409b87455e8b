using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators.Documents;

/// <summary>The types of properties that merge by themselves, each with the member of the library's <c>FieldType</c> that makes it.</summary>
internal static class MergingTypes
{
    private const string Space = "global::Edge.Sync.";

    /// <summary>A row for each type. A test compares the rows with the library's public types.</summary>
    private static readonly Dictionary<string, Row> s_rows = new()
    {
        ["Counter"] = new("Counter", Argument.None),
        ["GrowCounter"] = new("GrowCounter", Argument.None),
        ["BoundedCounter"] = new("BoundedCounter", Argument.None),
        ["EnableWinsFlag"] = new("EnableWinsFlag", Argument.None),
        ["DisableWinsFlag"] = new("DisableWinsFlag", Argument.None),
        ["ReplicatedText"] = new("Text", Argument.None),
        ["Register<T>"] = new("Register", Argument.Storable),
        ["MaxRegister<T>"] = new("MaxRegister", Argument.Ordered),
        ["MinRegister<T>"] = new("MinRegister", Argument.Ordered),
        ["ReplicatedSet<T>"] = new("Set", Argument.Storable),
        ["GrowSet<T>"] = new("GrowSet", Argument.Storable),
        ["RemoveWinsSet<T>"] = new("RemoveWinsSet", Argument.Storable),
    };

    /// <summary>What a type's argument may be.</summary>
    private enum Argument
    {
        None,
        Storable,
        Ordered,
    }

    /// <summary>All names, for messages: <c>Counter, GrowCounter, …</c></summary>
    public static string Names { get; } = string.Join(", ", s_rows.Keys);

    /// <summary>Whether values of the type lie in a document and change with it.</summary>
    public static bool Includes(ITypeSymbol type) => Find(type) is not null;

    /// <summary>The library's <c>FieldType</c> as C# text; null where the type is none of these, or has wrong arguments, which <paramref name="problem"/> then tells.</summary>
    public static string? FactoryOf(ITypeSymbol type, out string? problem)
    {
        problem = null;
        if (Find(type) is not { } row) return null;
        if (row.Argument == Argument.None) return $"{Space}FieldType.{row.Factory}";
        var argument = ((INamedTypeSymbol)type).TypeArguments[0];
        problem = ProblemOf(row.Argument, argument);
        return problem is null ? $"{Space}FieldType.{row.Factory}<{argument.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)}>()" : null;
    }

    private static string? ProblemOf(Argument rule, ITypeSymbol argument)
    {
        if (argument.NullableAnnotation == NullableAnnotation.Annotated) return "what it holds is never null; remove the '?' inside";
        return rule switch
        {
            Argument.Storable when !ValueTypes.IsStorable(argument) => $"it holds {ValueTypes.Storable}",
            Argument.Ordered when !ValueTypes.IsOrdered(argument) => $"it holds {ValueTypes.Ordered}",
            _ => null,
        };
    }

    private static Row? Find(ITypeSymbol type)
    {
        var name = type.OriginalDefinition.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        return name.StartsWith(Space, StringComparison.Ordinal) && s_rows.TryGetValue(name.Substring(Space.Length), out var row) ? row : null;
    }

    private sealed record Row(string Factory, Argument Argument);
}
