using Edge.Sync.Generators.Diagnostics;
using Edge.Sync.Generators.Documents;
using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators.Events;

/// <summary>Reads a record with <c>[EdgeEvent]</c>: the model of a whole hierarchy, and the rules that it breaks. A record inside of another is read with that.</summary>
internal static class EventReader
{
    public const string Attribute = "Edge.Sync.EdgeEventAttribute";

    public static EventReading Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        var root = (INamedTypeSymbol)context.TargetSymbol;
        var problems = new List<DiagnosticInfo>();
        if (root.BaseType is { } parent && NameOf(parent) is not null)
        {
            if (!SymbolEqualityComparer.Default.Equals(root.ContainingType, parent))
                problems.Add(At(root, $"Event '{root.Name}' derives from '{parent.Name}' and lies outside of it; put it inside, so that all events of a collection are known"));
            return new(null, new([.. problems]));
        }
        CheckRoot(root, problems, cancellationToken);
        if (problems.Count > 0) return new(null, new([.. problems]));

        var collection = NameOf(root)!;
        if (!WireNames.IsCollection(collection))
            problems.Add(At(root, $"The collection name '{collection}' is not allowed; use a letter, then letters, digits, '-' and '_', at most {WireNames.LengthMax} characters, and no 'edge_' or 'sqlite_' in front"));
        var (cases, records, schema) = (new List<EventCaseModel>(), new List<RecordModel>(), new List<SchemaLine>());
        var names = new Dictionary<uint, string>();
        foreach (var type in root.IsAbstract ? root.GetTypeMembers() : [root])
        {
            if (root.IsAbstract && !SymbolEqualityComparer.Default.Equals(type.BaseType, root)) continue;
            if (NameOf(type) is not { } name)
                problems.Add(At(type, $"Record '{type.Name}' derives from event '{root.Name}' without a name on the wire; write [EdgeEvent(\"name\")]"));
            else if (!type.IsSealed || type.IsGenericType || !type.IsRecord)
                problems.Add(At(type, $"Event '{type.Name}' is what is written, so nothing derives from it and it has one set of members; make it a sealed record without type parameters"));
            else if (!WireNames.IsField(name))
                problems.Add(At(type, $"The event name '{name}' is not allowed; use 1 to {WireNames.LengthMax} characters, without double quotes, control characters and emoji"));
            else if (names.TryGetValue(WireNames.HashOf(name), out var other))
                problems.Add(At(type, $"The event name '{name}' is taken by '{other}', or has the same 32-bit id on the wire; give one of them another name"));
            else
            {
                names.Add(WireNames.HashOf(name), type.Name);
                if (EventMembers.Read(type, problems) is not { } members) continue;
                foreach (var member in members.Members)
                    RecordTypes.Collect(member.Type, records);
                schema.Add(new(name, "event"));
                WireTypes.CollectMembers(name, members.Members, schema);
                cases.Add(new(name, Text(type), members.Describe(Text(type))));
            }
        }
        if (root.IsAbstract && cases.Count == 0 && problems.Count == 0)
            problems.Add(At(root, $"Event '{root.Name}' is abstract and holds no event; write [EdgeEvent(\"name\")] public sealed partial record Happened(…) : {root.Name} inside of it"));
        if (problems.Count > 0) return new(null, new([.. problems]));
        var closesItself = root.IsAbstract && root.InstanceConstructors.All(static c => c.IsImplicitlyDeclared);
        return new(new(DocumentReader.NamespaceOf(root), new(DocumentReader.ContainersOf(root)), Identifier.Escape(root.Name), Text(root), collection, closesItself,
            new([.. records]), new([.. cases]), new([.. schema.OrderBy(static line => line.Path, StringComparer.Ordinal)])), default);
    }

    private static void CheckRoot(INamedTypeSymbol root, List<DiagnosticInfo> problems, CancellationToken cancellationToken)
    {
        var shape = root switch
        {
            { IsRecord: false } or { TypeKind: not TypeKind.Class } => $"Event '{root.Name}' is no record class; what happened never changes, so make it a record",
            { IsAbstract: false, IsSealed: false } => $"Event '{root.Name}' is neither abstract nor sealed; make it abstract and put the events inside, or sealed if it is the only one",
            { IsFileLocal: true } => $"Event '{root.Name}' is local to its file, where generated code cannot reach it; remove 'file'",
            { BaseType.SpecialType: not SpecialType.System_Object } => $"Event '{root.Name}' derives from '{root.BaseType?.Name}', which is no event; derive from no other record",
            _ => null,
        };
        if (shape is not null) problems.Add(At(root, shape));
        for (var outer = root; outer is not null; outer = outer.ContainingType)
        {
            if (outer.TypeParameters.Length > 0) problems.Add(At(outer, $"Type '{outer.Name}' is generic; a collection has one set of events, so remove the type parameters"));
            if (!DocumentReader.IsPartial(outer, cancellationToken)) problems.Add(At(outer, $"Type '{outer.Name}' is not partial; write 'partial' before 'record' or its keyword, so that the generator can add the other half"));
        }
    }

    private static string? NameOf(INamedTypeSymbol type)
    {
        foreach (var attribute in type.GetAttributes())
            if (attribute.AttributeClass?.ToDisplayString() == Attribute) return AttributeText.Of(attribute);
        return null;
    }

    private static string Text(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    private static DiagnosticInfo At(ISymbol symbol, string message) => DiagnosticInfo.At(symbol.Locations[0], message);
}
