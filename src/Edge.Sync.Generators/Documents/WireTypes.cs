using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators.Documents;

/// <summary>One line of a collection's schema: a field, or what lies in one, and its type on the wire.</summary>
/// <param name="Path">The wire name; <c>Address.City</c> in an object or a record, <c>Steps[].Text</c> in a list of objects, <c>Stock{}</c> under the keys of a map.</param>
/// <param name="Type">The kind of CRDT and of its values: <c>register text</c>, <c>counter</c>, <c>set integer</c>.</param>
internal sealed record SchemaLine(string Path, string Type);

/// <summary>What properties are on the wire. Types of one line may be exchanged without loss.</summary>
internal static class WireTypes
{
    private const int DepthMax = 16;

    public static void Collect(string path, ITypeSymbol type, List<SchemaLine> lines, int depth = 0)
    {
        type = ValueTypes.ValueOf(type);
        if (depth > DepthMax) return;
        if (ValueTypes.IsStorable(type))
        {
            AddValue(path, "register", type, lines);
            return;
        }
        if (ObjectTypes.IsObject(type))
        {
            lines.Add(new(path, "object"));
            AddObject(path, type, lines, depth);
            return;
        }
        if (MergingTypes.WireNameOf(type) is not { } kind) return;
        var arguments = ((INamedTypeSymbol)type).TypeArguments;
        if (kind == "map")
        {
            lines.Add(new(path, $"map {ValueOf(arguments[0])}"));
            Collect(path + "{}", arguments[1], lines, depth + 1);
        }
        else if (kind == "list" && ObjectTypes.IsObject(arguments[0]))
        {
            lines.Add(new(path, "list object"));
            AddObject(path + "[]", arguments[0], lines, depth);
        }
        else if (arguments.Length > 0 && kind != "lattice")
        {
            AddValue(path, kind, arguments[0], lines);
        }
        else
        {
            lines.Add(new(path, kind));
        }
    }

    /// <summary>The kind of a plain value.</summary>
    public static string ValueOf(ITypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Enum } => "integer",
        { SpecialType: SpecialType.System_String } => "text",
        { SpecialType: SpecialType.System_Boolean } => "boolean",
        { SpecialType: SpecialType.System_Single or SpecialType.System_Double } => "real",
        { SpecialType: SpecialType.System_Decimal } => "decimal",
        { SpecialType: SpecialType.System_Byte or SpecialType.System_Int16 or SpecialType.System_Int32 or SpecialType.System_Int64 } => "integer",
        { Name: "DateTimeOffset" } => "time",
        { Name: "Guid" or "DocumentId" or "Reference" } => "guid",
        _ => "record",
    };

    private static void AddValue(string path, string kind, ITypeSymbol type, List<SchemaLine> lines)
    {
        lines.Add(new(path, $"{kind} {ValueOf(type)}"));
        AddMembers(path, type, lines);
    }

    /// <summary>The members of an event, under their wire names.</summary>
    public static void CollectMembers(string path, IEnumerable<IPropertySymbol> members, List<SchemaLine> lines)
    {
        foreach (var member in members)
        {
            var (name, value) = ($"{path}.{FieldReader.WireNameOf(member)}", ValueTypes.ValueOf(member.Type));
            lines.Add(new(name, ValueOf(value)));
            AddMembers(name, value, lines);
        }
    }

    private static void AddMembers(string path, ITypeSymbol type, List<SchemaLine> lines)
    {
        if (RecordTypes.Read(type) is not { } record) return;
        foreach (var member in record.Members.OrderBy(static m => m.Name, StringComparer.Ordinal))
        {
            var value = ValueTypes.ValueOf(member.Type);
            lines.Add(new($"{path}.{member.Name}", ValueOf(value)));
            AddMembers($"{path}.{member.Name}", value, lines);
        }
    }

    private static void AddObject(string path, ITypeSymbol type, List<SchemaLine> lines, int depth)
    {
        foreach (var member in type.GetMembers())
            if (member is IPropertySymbol property && ObjectTypes.IsField(property)) Collect($"{path}.{FieldReader.WireNameOf(property)}", property.Type, lines, depth + 1);
    }
}
