using Edge.Sync.Generators.Diagnostics;
using Edge.Sync.Generators.Documents;
using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators.Series;

/// <summary>Reads a struct with <c>[EdgeSeries]</c>: its model, and the rules that it breaks.</summary>
internal static class SeriesReader
{
    private const int ValuesMax = 64;

    public static SeriesReading Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        var type = (INamedTypeSymbol)context.TargetSymbol;
        var problems = new List<DiagnosticInfo>();
        void Report(ISymbol symbol, string message) => problems.Add(DiagnosticInfo.At(symbol.Locations[0], message));

        if (type is not { IsRecord: true, IsReadOnly: true })
            Report(type, $"Series '{type.Name}' is not a readonly record struct; a point is a value, so write 'readonly partial record struct'");
        if (type.IsFileLocal) Report(type, $"Struct '{type.Name}' is local to its file, where generated code cannot reach it; remove 'file'");
        for (var outer = type; outer is not null; outer = outer.ContainingType)
        {
            if (outer.TypeParameters.Length > 0) Report(outer, $"Type '{outer.Name}' is generic; a series has one set of values, so remove the type parameters");
            if (!DocumentReader.IsPartial(outer, cancellationToken)) Report(outer, $"Type '{outer.Name}' is not partial; write 'partial' before its keyword, so that the generator can add the other half");
        }
        var name = AttributeText.Of(context.Attributes[0]);
        if (!WireNames.IsCollection(name))
            Report(type, $"The series' name '{name}' is not allowed; use a letter, then letters, digits, '-' and '_', at most {WireNames.LengthMax} characters, and no 'edge_' or 'sqlite_' in front");

        if (problems.Count > 0) return new(null, new([.. problems]));
        if (RecordTypes.Read(type) is not { } record)
        {
            Report(type, $"Series '{type.Name}' has a member that cannot be kept, or no constructor that takes its members; a point is a DateTimeOffset, a string as its key if there are several, and values of type {Values}");
            return new(null, new([.. problems]));
        }
        var members = new List<SeriesMember>();
        foreach (var member in record.Members)
        {
            if (RoleOf(member.Type) is { } role) members.Add(new(member.Name, role, member.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)));
            else Report(member, $"'{member.Name}' cannot be a value of a series; use {Values}, and NaN for what was not measured");
        }
        if (problems.Count > 0) return new(null, new([.. problems]));
        var values = members.Count(static member => member.Role is not (SeriesRole.Key or SeriesRole.Time));
        if (members.Count(static member => member.Role == SeriesRole.Time) != 1) Report(type, $"Series '{type.Name}' needs exactly one DateTimeOffset: when a point was taken");
        if (members.Count(static member => member.Role == SeriesRole.Key) > 1) Report(type, $"Series '{type.Name}' has more than one string; one is the key, and text belongs into documents");
        if (values is 0 or > ValuesMax) Report(type, $"Series '{type.Name}' has {values} values; a point has 1 to {ValuesMax}");
        if (problems.Count > 0) return new(null, new([.. problems]));
        return new(new(DocumentReader.NamespaceOf(type), new(DocumentReader.ContainersOf(type)), Identifier.Escape(type.Name), type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), name, new([.. members]), record.ConstructedCount), default);
    }

    private const string Values = "float, double, bool, byte, short, int, long or an enum";

    private static SeriesRole? RoleOf(ITypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Enum } => SeriesRole.Enum,
        { SpecialType: SpecialType.System_String, NullableAnnotation: not NullableAnnotation.Annotated } => SeriesRole.Key,
        { SpecialType: SpecialType.System_Single } => SeriesRole.Single,
        { SpecialType: SpecialType.System_Double } => SeriesRole.Double,
        { SpecialType: SpecialType.System_Boolean } => SeriesRole.Boolean,
        { SpecialType: SpecialType.System_Byte or SpecialType.System_Int16 or SpecialType.System_Int32 or SpecialType.System_Int64 } => SeriesRole.Integer,
        _ => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) == "global::System.DateTimeOffset" ? SeriesRole.Time : null,
    };
}
