using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators.Documents;

/// <summary>Which kind of field a property's type asks for.</summary>
/// <param name="Kind"><see cref="FieldKind.Invalid"/> where the type cannot be stored.</param>
/// <param name="ValueType">The type of a plain value, fully qualified; else empty.</param>
/// <param name="IsNullable">Whether the type has a question mark.</param>
/// <param name="Factory">The library's <c>FieldType</c> of a type that merges by itself, as C# text; else empty.</param>
/// <param name="Problem">What is wrong with the type's arguments; null where nothing is known.</param>
internal readonly record struct FieldType(FieldKind Kind, string ValueType, bool IsNullable, string Factory = "", string? Problem = null)
{
    private static readonly SymbolDisplayFormat s_plain = SymbolDisplayFormat.FullyQualifiedFormat;

    /// <summary>As the partial property must repeat it.</summary>
    public static string Text(ITypeSymbol type) =>
        type.ToDisplayString(s_plain.AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier));

    public static FieldType Of(ITypeSymbol type)
    {
        var nullable = type.NullableAnnotation == NullableAnnotation.Annotated;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } wrapped)
            return ValueTypes.IsStorable(wrapped.TypeArguments[0]) ? new(FieldKind.Register, wrapped.TypeArguments[0].ToDisplayString(s_plain), true) : default;
        if (ValueTypes.IsStorable(type)) return new(FieldKind.Register, type.ToDisplayString(s_plain), nullable);
        if (MergingTypes.FactoryOf(type, out var problem) is { } factory) return new(FieldKind.Merging, "", nullable, factory);
        return new(FieldKind.Invalid, "", nullable, Problem: problem);
    }
}
