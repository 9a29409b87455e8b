using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators.Documents;

/// <summary>A record struct of plain values, which is stored as one value.</summary>
/// <param name="Type">Fully qualified.</param>
/// <param name="Text">The library's description of it, as C# text.</param>
internal sealed record RecordModel(string Type, string Text);

/// <summary>Reads record structs that are types of properties.</summary>
/// <remarks>Its members are its public properties that its constructor or a setter gives values to. What it computes is left out.</remarks>
internal static class RecordTypes
{
    private const string Space = "global::Edge.Sync.";

    /// <summary>The members, constructor's first, and how many of them it takes; null where the type is no record struct that can be stored.</summary>
    public static (ImmutableArray<IPropertySymbol> Members, int ConstructedCount)? Read(ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol { IsRecord: true, TypeKind: TypeKind.Struct, IsGenericType: false } record) return null;
        var properties = record.GetMembers().OfType<IPropertySymbol>()
            .Where(static p => p is { IsStatic: false, IsIndexer: false, DeclaredAccessibility: Accessibility.Public, GetMethod.DeclaredAccessibility: Accessibility.Public }).ToList();
        var members = ImmutableArray.CreateBuilder<IPropertySymbol>();
        var constructor = record.InstanceConstructors.Where(static c => c.DeclaredAccessibility == Accessibility.Public).OrderByDescending(static c => c.Parameters.Length)
            .FirstOrDefault(c => c.Parameters.All(parameter => Find(properties, parameter) is not null));
        if (constructor is null) return null;
        foreach (var parameter in constructor.Parameters)
            members.Add(Find(properties, parameter)!);
        var count = members.Count;
        foreach (var property in properties)
            if (property.SetMethod is { DeclaredAccessibility: Accessibility.Public } && !members.Contains(property, SymbolEqualityComparer.Default)) members.Add(property);
        if (members.Count == 0 || members.Any(static member => !ValueTypes.IsStorable(ValueTypes.ValueOf(member.Type)) || !WireNames.IsField(member.Name))) return null;
        return (members.ToImmutable(), count);
    }

    /// <summary>All record structs that a value of <paramref name="type"/> is made of, inner ones first.</summary>
    public static void Collect(ITypeSymbol type, List<RecordModel> records)
    {
        type = ValueTypes.ValueOf(type);
        if (type is INamedTypeSymbol { IsGenericType: true } generic && !ValueTypes.IsReference(type))
        {
            foreach (var argument in generic.TypeArguments)
                Collect(argument, records);
            return;
        }
        if (Read(type) is not { } record) return;
        foreach (var member in record.Members)
            Collect(member.Type, records);
        var name = Text(type);
        if (records.All(known => known.Type != name)) records.Add(new(name, Describe(name, record.Members, record.ConstructedCount)));
    }

    private static string Describe(string type, ImmutableArray<IPropertySymbol> members, int constructedCount)
    {
        var text = new System.Text.StringBuilder($"{Space}RecordType.Of<{type}>()");
        foreach (var member in members)
        {
            var name = Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(member.Name, quote: true);
            var get = $"static record => record.{Identifier.Escape(member.Name)}";
            if (ValueTypes.IsNullable(member.Type)) text.Append($".NullableMember<{Text(ValueTypes.ValueOf(member.Type))}>({name}, {get})");
            else if (IsNullableText(member.Type)) text.Append($".Member<string?>({name}, {get}, nullable: true)");
            else text.Append($".Member<{Text(member.Type)}>({name}, {get})");
        }
        text.Append($".Build(static values => new {type}({string.Join(", ", members.Take(constructedCount).Select((member, i) => Get(member, i)))})");
        if (constructedCount < members.Length)
            text.Append($" {{ {string.Join(", ", members.Skip(constructedCount).Select((member, i) => $"{Identifier.Escape(member.Name)} = {Get(member, i + constructedCount)}"))} }}");
        return text.Append(')').ToString();
    }

    public static string Get(IPropertySymbol member, int index) =>
        ValueTypes.IsNullable(member.Type) ? $"values.GetNullable<{Text(ValueTypes.ValueOf(member.Type))}>({index})" : IsNullableText(member.Type) ? $"values.GetText({index})" : $"values.Get<{Text(member.Type)}>({index})";

    private static IPropertySymbol? Find(List<IPropertySymbol> properties, IParameterSymbol parameter) =>
        properties.Find(property => property.Name == parameter.Name && SymbolEqualityComparer.Default.Equals(property.Type, parameter.Type));

    public static bool IsNullableText(ITypeSymbol type) => type is { SpecialType: SpecialType.System_String, NullableAnnotation: NullableAnnotation.Annotated };

    public static string Text(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
}
