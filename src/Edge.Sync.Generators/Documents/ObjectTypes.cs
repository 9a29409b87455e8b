using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators.Documents;

/// <summary>Classes with <c>[EdgeObject]</c>, as types of properties.</summary>
internal static class ObjectTypes
{
    public static bool IsObject(ITypeSymbol type) =>
        type.TypeKind == TypeKind.Class && type.GetAttributes().Any(static a => a.AttributeClass?.ToDisplayString() == "Edge.Sync.EdgeObjectAttribute");

    /// <summary>Whether a property of an object is a field: a partial one of a class that is compiled here, or one that the library says to be.</summary>
    public static bool IsField(IPropertySymbol property) =>
        property.IsPartialDefinition || (property.DeclaringSyntaxReferences.Length == 0 && property.GetAttributes().Any(static a => a.AttributeClass?.ToDisplayString() == "Edge.Sync.FieldAttribute"));

    /// <summary>Tells of an object that holds one of its own class, which would have columns without end; null where there is none.</summary>
    public static string? FindCycle(ITypeSymbol type)
    {
        var way = new List<ITypeSymbol>();
        return Visit(type, way)
            ? $"an object cannot hold one of its own class ({string.Join(" > ", way.Select(static t => t.Name))}); use a ReplicatedTree<T>, or refer to a document by its DocumentId"
            : null;
    }

    private static bool Visit(ITypeSymbol type, List<ITypeSymbol> way)
    {
        var isCycle = way.Any(other => SymbolEqualityComparer.Default.Equals(other, type));
        way.Add(type);
        if (isCycle) return true;
        foreach (var member in type.GetMembers())
            if (member is IPropertySymbol property && IsField(property) && HeldBy(property.Type) is { } inner && Visit(inner, way)) return true;
        way.RemoveAt(way.Count - 1);
        return false;
    }

    // An object lies in a property, in a list, or under the keys of a map, or of a map in that.
    private static ITypeSymbol? HeldBy(ITypeSymbol type)
    {
        while (type is INamedTypeSymbol { Name: "ReplicatedMap", TypeArguments.Length: 2 } map) type = map.TypeArguments[1];
        if (type is INamedTypeSymbol { Name: "ReplicatedList", TypeArguments: { Length: 1 } elements }) type = elements[0];
        return IsObject(type) ? type : null;
    }
}
