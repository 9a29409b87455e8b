using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators.Documents;

/// <summary>Which kind of field a property's type asks for.</summary>
/// <param name="Kind"><see cref="FieldKind.Invalid"/> where the type cannot be stored.</param>
/// <param name="ValueType">The type of the register's value or the set's items, fully qualified; else empty.</param>
/// <param name="IsNullable">Whether the type has a question mark.</param>
internal readonly record struct FieldType(FieldKind Kind, string ValueType, bool IsNullable)
{
    /// <summary>What the library's ValueCodec stores. Keep both lists the same.</summary>
    public const string Storable = "string, bool, byte, short, int, long, float, double, decimal, Guid, DateTimeOffset, DocumentId or an enum";

    private static readonly SymbolDisplayFormat s_plain = SymbolDisplayFormat.FullyQualifiedFormat;

    /// <summary>As the partial property must repeat it.</summary>
    public static string Text(ITypeSymbol type) =>
        type.ToDisplayString(s_plain.AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier));

    public static FieldType Of(ITypeSymbol type)
    {
        var nullable = type.NullableAnnotation == NullableAnnotation.Annotated;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } wrapped)
            return IsStorable(wrapped.TypeArguments[0]) ? new(FieldKind.Register, wrapped.TypeArguments[0].ToDisplayString(s_plain), true) : default;
        if (IsStorable(type)) return new(FieldKind.Register, type.ToDisplayString(s_plain), nullable);
        return type.OriginalDefinition.ToDisplayString(s_plain) switch
        {
            "global::Edge.Sync.Counter" => new(FieldKind.Counter, "", nullable),
            "global::Edge.Sync.ReplicatedText" => new(FieldKind.Text, "", nullable),
            "global::Edge.Sync.ReplicatedSet<T>" => OfSet(((INamedTypeSymbol)type).TypeArguments[0], nullable),
            _ => default,
        };
    }

    private static FieldType OfSet(ITypeSymbol item, bool nullable) =>
        IsStorable(item) && item.NullableAnnotation != NullableAnnotation.Annotated ? new(FieldKind.Set, item.ToDisplayString(s_plain), nullable) : default;

    private static bool IsStorable(ITypeSymbol type) => type.TypeKind == TypeKind.Enum || type.SpecialType switch
    {
        SpecialType.System_String or SpecialType.System_Boolean or SpecialType.System_Byte or SpecialType.System_Int16 or SpecialType.System_Int32
            or SpecialType.System_Int64 or SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Decimal => true,
        _ => type.ToDisplayString(s_plain) is "global::System.Guid" or "global::System.DateTimeOffset" or "global::Edge.Sync.DocumentId",
    };
}
