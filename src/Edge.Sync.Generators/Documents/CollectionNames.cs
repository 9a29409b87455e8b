using System.Collections.Immutable;
using Edge.Sync.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators.Documents;

/// <summary>The collection that a document class names, and where.</summary>
/// <param name="Collection">The name on the wire, and of the SQL table.</param>
/// <param name="Class">The class, for messages.</param>
/// <param name="Place">Where the class is; its message is not used.</param>
internal sealed record CollectionName(string Collection, string Class, DiagnosticInfo Place);

/// <summary>Looks at all document classes of a compilation together.</summary>
internal static class CollectionNames
{
    public static CollectionName Read(GeneratorAttributeSyntaxContext context) =>
        new(AttributeText.Of(context.Attributes[0]), context.TargetSymbol.Name, DiagnosticInfo.At(context.TargetSymbol.Locations[0], ""));

    /// <summary>Classes whose collections would be two on the wire and one in SQL. Two of one collection are fine: an app reads an old version of its documents so.</summary>
    public static IEnumerable<DiagnosticInfo> FindClashes(ImmutableArray<CollectionName> names)
    {
        var seen = new Dictionary<string, CollectionName>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in names)
        {
            if (!seen.TryGetValue(name.Collection, out var first)) seen.Add(name.Collection, name);
            else if (first.Collection != name.Collection)
                yield return name.Place with { Message = $"The collection name '{name.Collection}' differs from '{first.Collection}' of class '{first.Class}' in capitals only, which SQL does not tell apart; give one of them another name" };
        }
    }
}
