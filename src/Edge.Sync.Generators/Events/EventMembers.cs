using System.Collections.Immutable;
using System.Text;
using Edge.Sync.Generators.Diagnostics;
using Edge.Sync.Generators.Documents;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Edge.Sync.Generators.Events;

/// <summary>The members of one event: its public properties that its constructor or a setter gives values to. What it computes is left out.</summary>
/// <param name="Members">Those of the constructor first.</param>
/// <param name="ConstructedCount">How many it takes.</param>
internal sealed record EventMembers(ImmutableArray<IPropertySymbol> Members, int ConstructedCount)
{
    public static EventMembers? Read(INamedTypeSymbol type, List<DiagnosticInfo> problems)
    {
        var properties = new List<IPropertySymbol>();
        for (var declaring = type; declaring is { SpecialType: not SpecialType.System_Object }; declaring = declaring.BaseType)
            foreach (var member in declaring.GetMembers())
                if (member is IPropertySymbol { IsStatic: false, IsIndexer: false, DeclaredAccessibility: Accessibility.Public, GetMethod.DeclaredAccessibility: Accessibility.Public } property) properties.Add(property);
        var constructor = type.InstanceConstructors.Where(static c => c.DeclaredAccessibility == Accessibility.Public).OrderByDescending(static c => c.Parameters.Length)
            .FirstOrDefault(c => c.Parameters.All(parameter => Find(properties, parameter) is not null));
        if (constructor is null)
        {
            problems.Add(DiagnosticInfo.At(type.Locations[0], $"Event '{type.Name}' has no public constructor whose parameters are all properties of the same name and type; write them in the record's head"));
            return null;
        }
        var members = ImmutableArray.CreateBuilder<IPropertySymbol>();
        foreach (var parameter in constructor.Parameters)
            members.Add(Find(properties, parameter)!);
        var count = members.Count;
        foreach (var property in properties)
            if (property.SetMethod is { DeclaredAccessibility: Accessibility.Public } && !members.Contains(property, SymbolEqualityComparer.Default)) members.Add(property);
        return Check(type, members, problems) ? new(members.ToImmutable(), count) : null;
    }

    /// <summary>The library's description, as C# text.</summary>
    public string Describe(string type)
    {
        var text = new StringBuilder($"global::Edge.Sync.EventSchema.Event<{type}>()");
        foreach (var member in Members)
        {
            var name = SymbolDisplay.FormatLiteral(FieldReader.WireNameOf(member), quote: true);
            var get = $"static item => item.{Identifier.Escape(member.Name)}";
            if (ValueTypes.IsNullable(member.Type)) text.Append($".NullableMember<{RecordTypes.Text(ValueTypes.ValueOf(member.Type))}>({name}, {get})");
            else if (RecordTypes.IsNullableText(member.Type)) text.Append($".Member<string?>({name}, {get})");
            else text.Append($".Member<{RecordTypes.Text(member.Type)}>({name}, {get})");
        }
        text.Append($".Build(static {(Members.Length == 0 ? "_" : "values")} => new {type}({string.Join(", ", Members.Take(ConstructedCount).Select(RecordTypes.Get))})");
        if (ConstructedCount < Members.Length)
            text.Append($" {{ {string.Join(", ", Members.Skip(ConstructedCount).Select((member, i) => $"{Identifier.Escape(member.Name)} = {RecordTypes.Get(member, i + ConstructedCount)}"))} }}");
        return text.Append(')').ToString();
    }

    private static bool Check(INamedTypeSymbol type, IEnumerable<IPropertySymbol> members, List<DiagnosticInfo> problems)
    {
        var (before, names) = (problems.Count, new Dictionary<uint, string>());
        foreach (var member in members)
        {
            var name = FieldReader.WireNameOf(member);
            if (!ValueTypes.IsStorable(ValueTypes.ValueOf(member.Type)))
                Report(member, $"Member '{member.Name}' of event '{type.Name}' is a {member.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}, which events do not hold; use {ValueTypes.Storable}");
            else if (!WireNames.IsField(name))
                Report(member, $"The member name '{name}' is not allowed; use 1 to {WireNames.LengthMax} characters, without double quotes, control characters and emoji");
            else if (names.TryGetValue(WireNames.HashOf(name), out var other))
                Report(member, $"The member name '{name}' is taken by '{other}', or has the same 32-bit id on the wire; give one of them another name with [property: Field(\"name\")]");
            else
                names.Add(WireNames.HashOf(name), member.Name);
        }
        return problems.Count == before;

        void Report(ISymbol member, string message) => problems.Add(DiagnosticInfo.At(member.Locations.Length > 0 ? member.Locations[0] : type.Locations[0], message));
    }

    private static IPropertySymbol? Find(List<IPropertySymbol> properties, IParameterSymbol parameter) =>
        properties.Find(property => property.Name == parameter.Name && SymbolEqualityComparer.Default.Equals(property.Type, parameter.Type));
}
