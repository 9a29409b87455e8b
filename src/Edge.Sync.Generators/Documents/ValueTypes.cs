using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators.Documents;

/// <summary>The types of plain values. The library's ValueCodec holds the same list; a test compares them.</summary>
internal static class ValueTypes
{
    /// <summary>What <see cref="IsStorable"/> accepts.</summary>
    public const string Storable = "string, bool, byte, short, int, long, float, double, decimal, Guid, DateTimeOffset, DocumentId, Reference<T> of a document class, an enum, or a record struct of these";

    /// <summary>What <see cref="IsOrdered"/> accepts.</summary>
    public const string Ordered = "string, byte, short, int, long, float, double, DateTimeOffset or an enum (not of ulong)";

    /// <summary>What <see cref="IsKey"/> accepts.</summary>
    public const string Keys = "string, bool, byte, short, int, long, Guid, DocumentId or an enum";

    public static bool IsStorable(ITypeSymbol type) => type.TypeKind == TypeKind.Enum || type.SpecialType switch
    {
        SpecialType.System_String or SpecialType.System_Boolean or SpecialType.System_Byte or SpecialType.System_Int16 or SpecialType.System_Int32
            or SpecialType.System_Int64 or SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Decimal => true,
        _ => NameOf(type) is "global::System.Guid" or "global::System.DateTimeOffset" or "global::Edge.Sync.DocumentId" || IsReference(type) || RecordTypes.Read(type) is not null,
    };

    /// <summary>Without the question mark of a value type.</summary>
    public static ITypeSymbol ValueOf(ITypeSymbol type) => IsNullable(type) ? ((INamedTypeSymbol)type).TypeArguments[0] : type;

    public static bool IsNullable(ITypeSymbol type) => type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T };

    /// <summary>A typed id, of a class that is a document.</summary>
    public static bool IsReference(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "Reference", TypeArguments.Length: 1 } reference && type.OriginalDefinition.ToDisplayString() == "Edge.Sync.Reference<T>"
        && reference.TypeArguments[0].GetAttributes().Any(static a => a.AttributeClass?.ToDisplayString() == "Edge.Sync.EdgeDocumentAttribute");

    /// <summary>Whether a greatest and a least value have a meaning. The bytes of a decimal are not in the order of its values, an enum of ulong wraps.</summary>
    public static bool IsOrdered(ITypeSymbol type) =>
        IsStorable(type) && type is not { SpecialType: SpecialType.System_Boolean or SpecialType.System_Decimal }
        && type is not INamedTypeSymbol { EnumUnderlyingType.SpecialType: SpecialType.System_UInt64 }
        && NameOf(type) is not ("global::System.Guid" or "global::Edge.Sync.DocumentId") && IsPlain(type);

    /// <summary>Whether a value is one and the same key in JSON: 1.0 and 1.00 are not, nor one moment with two offsets.</summary>
    public static bool IsKey(ITypeSymbol type) =>
        IsStorable(type) && type is not { SpecialType: SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Decimal }
        && NameOf(type) is not "global::System.DateTimeOffset" && IsPlain(type);

    private static bool IsPlain(ITypeSymbol type) => !IsReference(type) && RecordTypes.Read(type) is null;

    private static string NameOf(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
}
