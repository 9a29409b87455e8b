using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators.Documents;

/// <summary>The types of properties that merge by themselves, each with the member of the library's <c>FieldType</c> that makes it.</summary>
internal static class MergingTypes
{
    private const string Space = "global::Edge.Sync.";

    /// <summary>A row for each type. A test compares the rows with the library's.</summary>
    private static readonly Dictionary<string, Row> s_rows = new()
    {
        ["Counter"] = new("Counter", Argument.None),
        ["GrowCounter"] = new("GrowCounter", Argument.None),
        ["BoundedCounter"] = new("BoundedCounter", Argument.None),
        ["EnableWinsFlag"] = new("EnableWinsFlag", Argument.None),
        ["DisableWinsFlag"] = new("DisableWinsFlag", Argument.None),
        ["Register<T>"] = new("Register", Argument.Storable),
        ["Register<T, TRule>"] = new("Register", Argument.StorableAndRule),
        ["Lattice<T>"] = new("Lattice", Argument.Lattice),
        ["MaxRegister<T>"] = new("MaxRegister", Argument.Ordered),
        ["MinRegister<T>"] = new("MinRegister", Argument.Ordered),
        ["ReplicatedSet<T>"] = new("Set", Argument.Storable),
        ["GrowSet<T>"] = new("GrowSet", Argument.Storable),
        ["RemoveWinsSet<T>"] = new("RemoveWinsSet", Argument.Storable),
        ["ReplicatedMap<TKey, TValue>"] = new("Map", Argument.KeyAndField),
        ["ReplicatedList<T>"] = new("List", Argument.StorableOrObject),
        ["ReplicatedTree<T>"] = new("Tree", Argument.Storable),
        ["EventLog<T>"] = new("EventLog", Argument.Storable),
        ["ReplicatedRichText"] = new("RichText", Argument.None),
        ["ReplicatedText"] = new("Text", Argument.None),
    };

    /// <summary>What a type's arguments may be.</summary>
    private enum Argument
    {
        None,
        Storable,
        StorableOrObject,
        StorableAndRule,
        Lattice,
        Ordered,
        KeyAndField,
    }

    /// <summary>All names, for messages: <c>Counter, GrowCounter, …</c></summary>
    public static string Names { get; } = string.Join(", ", s_rows.Keys);

    /// <summary>Whether values of the type lie in a document and change with it.</summary>
    public static bool Includes(ITypeSymbol type) => Find(type) is not null || ObjectTypes.IsObject(type);

    /// <summary>The kind's name in the schema lock file; null where the type does not merge by itself.</summary>
    public static string? WireNameOf(ITypeSymbol type) => Find(type)?.Factory switch
    {
        null => null,
        "GrowCounter" => "grow-counter",
        "BoundedCounter" => "bounded-counter",
        "EnableWinsFlag" => "enable-wins-flag",
        "DisableWinsFlag" => "disable-wins-flag",
        "MaxRegister" => "max-register",
        "MinRegister" => "min-register",
        "GrowSet" => "grow-set",
        "RemoveWinsSet" => "remove-wins-set",
        "EventLog" => "event-log",
        "RichText" => "rich-text",
        var factory => factory.ToLowerInvariant(),
    };

    /// <summary>The library's <c>FieldType</c> as C# text; null where the type is none of these, or has wrong arguments, which <paramref name="problem"/> then tells.</summary>
    public static string? FactoryOf(ITypeSymbol type, out string? problem)
    {
        problem = null;
        if (ObjectTypes.IsObject(type))
        {
            problem = ObjectTypes.FindCycle(type);
            return problem is null ? $"{Space}FieldType.EdgeObject<{Text(type)}>()" : null;
        }
        if (Find(type) is not { } row) return null;
        if (row.Argument == Argument.None) return $"{Space}FieldType.{row.Factory}";
        var arguments = ((INamedTypeSymbol)type).TypeArguments;
        foreach (var argument in arguments)
            if (argument.NullableAnnotation == NullableAnnotation.Annotated) problem = "what it holds is never null; remove the '?' inside";
        problem ??= ProblemOf(row.Argument, arguments[0]);
        if (problem is not null) return null;
        if (row.Argument == Argument.StorableOrObject && ObjectTypes.IsObject(arguments[0]))
        {
            problem = ObjectTypes.FindCycle(arguments[0]);
            return problem is null ? $"{Space}FieldType.Object{row.Factory}<{Text(arguments[0])}>()" : null;
        }
        if (row.Argument == Argument.StorableAndRule) return $"{Space}FieldType.{row.Factory}<{Text(arguments[0])}, {Text(arguments[1])}>()";
        if (row.Argument != Argument.KeyAndField) return $"{Space}FieldType.{row.Factory}<{Text(arguments[0])}>()";
        var value = ValueTypes.IsStorable(arguments[1]) ? $"{Space}FieldType.Value<{Text(arguments[1])}>()" : FactoryOf(arguments[1], out problem);
        if (value is null) problem ??= $"under its keys lie {ValueTypes.Storable}, or types that merge by themselves: {Names}, or a class with [EdgeObject]";
        return value is null ? null : $"{Space}FieldType.{row.Factory}<{Text(arguments[0])}, {Text(arguments[1])}>({value})";
    }

    /// <summary>Whether it has many values, which lie in its column as JSON, or runs of text.</summary>
    public static bool IsCollection(ITypeSymbol type) => Find(type) is { Factory: "Set" or "GrowSet" or "RemoveWinsSet" or "Map" or "List" or "Tree" or "EventLog" or "RichText" or "Text" };

    /// <summary>Whether a full-text index can take it.</summary>
    public static bool IsText(ITypeSymbol type) => type.SpecialType == SpecialType.System_String
        || Find(type) is { Factory: "Text" or "RichText" }
        || (Find(type) is { Factory: "Register" } && ((INamedTypeSymbol)type).TypeArguments[0].SpecialType == SpecialType.System_String);

    private static string? ProblemOf(Argument rule, ITypeSymbol argument) => rule switch
    {
        Argument.Storable or Argument.StorableAndRule when !ValueTypes.IsStorable(argument) => $"it holds {ValueTypes.Storable}",
        Argument.StorableOrObject when !ValueTypes.IsStorable(argument) && !ObjectTypes.IsObject(argument) => $"it holds {ValueTypes.Storable}, or a class with [EdgeObject]",
        Argument.Ordered when !ValueTypes.IsOrdered(argument) => $"it holds {ValueTypes.Ordered}",
        Argument.KeyAndField when !ValueTypes.IsKey(argument) => $"its keys are {ValueTypes.Keys}",
        _ => null,
    };

    private static Row? Find(ITypeSymbol type)
    {
        var name = type.OriginalDefinition.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        return name.StartsWith(Space, StringComparison.Ordinal) && s_rows.TryGetValue(name.Substring(Space.Length), out var row) ? row : null;
    }

    private static string Text(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    private sealed record Row(string Factory, Argument Argument);
}
