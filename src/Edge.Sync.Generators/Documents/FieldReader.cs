using Edge.Sync.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Edge.Sync.Generators.Documents;

/// <summary>Reads one property of a document class.</summary>
internal sealed class FieldReader(Compilation compilation, bool isObject, bool isForgettable, List<DiagnosticInfo> problems, CancellationToken cancellationToken)
{
    private const string Indexed = "Edge.Sync.IndexedAttribute", Searchable = "Edge.Sync.SearchableAttribute", LocalOnly = "Edge.Sync.LocalOnlyAttribute", Unique = "Edge.Sync.UniqueClaimAttribute";

    /// <summary>The property as a field; null where it is none, or where the compiler has enough to say about it.</summary>
    public FieldModel? Read(IPropertySymbol property)
    {
        if (property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken) is not BasePropertyDeclarationSyntax syntax) return null;
        var type = FieldType.Of(property.Type);
        if (!property.IsPartialDefinition)
        {
            CheckOrdinary(property, syntax, type);
            return null;
        }
        // One who writes both halves keeps a computed property, not a field.
        if (property.PartialImplementationPart is not null || property.Type.TypeKind == TypeKind.Error) return null;
        if (syntax is not PropertyDeclarationSyntax declaration)
        {
            Report(property, "An indexer cannot be a field of a document; write its body, or use a method");
            return null;
        }

        var accessors = declaration.AccessorList?.Accessors ?? default;
        var getter = Accessor(accessors, SyntaxKind.GetAccessorDeclaration);
        var setter = Accessor(accessors, SyntaxKind.SetAccessorDeclaration) is { Length: > 0 } set ? set : Accessor(accessors, SyntaxKind.InitAccessorDeclaration);
        var name = WireNameOf(property);
        var good = CheckShape(property, type, getter, setter) & CheckName(property, name) & CheckInitializer(property, declaration, type, out var initialValue)
            & CheckIndexes(property, type, name) & CheckLocal(property) & CheckUnique(property, type) & CheckLens(property, type, out var lens, out var oldName, out var oldType);
        var records = new List<RecordModel>();
        var schema = new List<SchemaLine>();
        if (good)
        {
            RecordTypes.Collect(property.Type, records);
            if (oldType is not null) RecordTypes.Collect(oldType, records);
            if (!Has(property, LocalOnly)) WireTypes.Collect(name, property.Type, schema);
            if (!Has(property, LocalOnly) && oldType is not null) WireTypes.Collect(oldName, oldType, schema);
        }
        return new(
            property.Name, name, good ? type.Kind : FieldKind.Invalid, RefOf(property) + FieldType.Text(property.Type), type.ValueType, type.Factory, type.IsNullable,
            declaration.Initializer is not null, initialValue, Has(property, Indexed), Has(property, Searchable), Has(property, Unique), Has(property, LocalOnly), new([.. records]), lens, new([.. schema]),
            WithoutPartial(declaration.Modifiers), getter, setter);
    }

    /// <summary>Finds fields that would be one field on the wire, or one column.</summary>
    public void CheckDistinct(IEnumerable<(FieldModel Field, IPropertySymbol Property)> all)
    {
        var fields = all.ToList();
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var ids = new Dictionary<uint, string>();
        foreach (var (field, property) in fields)
            if (field.Lens.Length > 0 && fields.Any(other => field.Schema.Any(line => line.Path == other.Field.WireName && !SymbolEqualityComparer.Default.Equals(other.Property, property))))
                Report(property, $"The old field of the lens of property '{property.Name}' is another property of the class, which would be written twice; remove that property");
        foreach (var (field, property) in fields)
        {
            if (names.TryGetValue(field.WireName, out var other))
                Report(property, $"The field name '{field.WireName}' is taken by property '{other}' (SQL columns do not tell capitals apart); give one of them another name with [Field(\"name\")]");
            else if (ids.TryGetValue(WireNames.HashOf(field.WireName), out other))
                Report(property, $"The field name '{field.WireName}' has the same 32-bit id on the wire as that of property '{other}', by chance; give one of them another name with [Field(\"name\")]");
            else
            {
                names.Add(field.WireName, field.Property);
                ids.Add(WireNames.HashOf(field.WireName), field.Property);
            }
        }
    }

    private void CheckOrdinary(IPropertySymbol property, BasePropertyDeclarationSyntax syntax, FieldType type)
    {
        if (FieldAttributeOf(property) is not null || Has(property, LocalOnly) || type.Kind == FieldKind.Merging)
            Report(property, $"Property '{property.Name}' is not partial, so it is no field; write 'partial' before its type", Cure.Partial);
        else if (!property.IsStatic && syntax is PropertyDeclarationSyntax { ExpressionBody: null, AccessorList.Accessors: var accessors }
            && accessors.All(accessor => accessor.Body is null && accessor.ExpressionBody is null))
            Report(property, $"Property '{property.Name}' is not partial, so it would be neither saved nor synced; write 'partial' before its type, or compute it ('=>')", Cure.Partial);
    }

    private bool CheckShape(IPropertySymbol property, FieldType type, string getter, string setter)
    {
        if (property.IsStatic)
            return Report(property, $"Property '{property.Name}' is static; a field belongs to one document, so remove 'static'");
        if (property.RefKind != RefKind.None || type.Kind == FieldKind.Invalid)
            return Report(property, Unsupported(property, type));
        if (getter.Length == 0)
            return Report(property, $"Property '{property.Name}' has no getter; write '{{ get; set; }}'");
        if (type.Kind == FieldKind.Register)
            return setter.Length > 0 || Report(property, $"Property '{property.Name}' has no setter, so nobody could give it a value; write '{{ get; set; }}'");
        if (setter.Length > 0)
            return Report(property, $"Property '{property.Name}' is a {property.Type.Name}, which is changed by its methods and never replaced; write '{{ get; }}'", Cure.GetOnly);
        if (type.IsNullable)
            return Report(property, $"Property '{property.Name}' is a {property.Type.Name}, which is empty but never null; remove the '?'");
        return true;
    }

    private bool CheckName(IPropertySymbol property, string name)
    {
        if (!isObject && name.Equals("id", StringComparison.OrdinalIgnoreCase))
            return Report(property, $"The field name '{name}' is that of the document's own id, which every document has; give the field another name with [Field(\"name\")]");
        return WireNames.IsField(name) || Report(
            property, $"The field name '{name}' is not allowed; use 1 to {WireNames.LengthMax} characters, without double quotes, control characters and emoji");
    }

    private bool CheckIndexes(IPropertySymbol property, FieldType type, string name)
    {
        if (!Has(property, Indexed) && !Has(property, Searchable)) return true;
        if (isObject)
            return Report(property, $"Property '{property.Name}' lies in an object, which has no columns of its own; remove [Indexed] and [Searchable], or move the property to the document");
        if (type.Kind == FieldKind.Invalid) return true;
        if (Has(property, Indexed) && (ObjectTypes.IsObject(property.Type) || MergingTypes.IsCollection(property.Type) || RecordTypes.Read(ValueTypes.ValueOf(property.Type)) is not null))
            return Report(property, $"Property '{property.Name}' is a {property.Type.Name}, which has many values; [Indexed] is for fields of one value");
        if (!Has(property, Searchable)) return true;
        if (name.Equals("rank", StringComparison.OrdinalIgnoreCase) || name.Equals("rowid", StringComparison.OrdinalIgnoreCase))
            return Report(property, $"The field name '{name}' is taken in full-text indexes; give the field another name with [Field(\"name\")], or remove [Searchable]");
        return MergingTypes.IsText(property.Type)
            || Report(property, $"Property '{property.Name}' is no text; [Searchable] is for string, ReplicatedText, ReplicatedRichText and Register<string>");
    }

    /// <param name="initialValue">The constant as C# text; empty where there is no initializer.</param>
    private bool CheckInitializer(IPropertySymbol property, PropertyDeclarationSyntax declaration, FieldType type, out string initialValue)
    {
        initialValue = "";
        if (declaration.Initializer?.Value is not { } value) return true;
        if (type.Kind is not (FieldKind.Register or FieldKind.Invalid))
            return Report(property, $"Property '{property.Name}' is a {property.Type.Name}, which starts empty; remove the initializer");
        if (type.IsNullable)
            return Report(property, $"Property '{property.Name}' may be null, which is what it reads as before a value arrives; remove the initializer or the '?'");
        if (compilation.GetSemanticModel(declaration.SyntaxTree).GetConstantValue(value, cancellationToken) is { HasValue: true, Value: { } constant })
        {
            initialValue = ConstantText(constant, type.ValueType);
            if (initialValue.Length > 0) return true;
        }
        return Report(
            property, $"The initializer of property '{property.Name}' is not a constant; it is the default that every replica reads, so it must be known when the program is built");
    }

    // A cast gives a number the property's type, an enum's included. NaN and the infinities have no literal.
    private static string ConstantText(object constant, string valueType) => constant switch
    {
        string or bool => SymbolDisplay.FormatPrimitive(constant, quoteStrings: true, useHexadecimalNumbers: false)!,
        double value when double.IsNaN(value) || double.IsInfinity(value) => "",
        float value when float.IsNaN(value) || float.IsInfinity(value) => "",
        decimal value => $"{SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false)}m",
        _ => $"({valueType})({SymbolDisplay.FormatPrimitive(constant, quoteStrings: true, useHexadecimalNumbers: false)})",
    };

    private static string RefOf(IPropertySymbol property) => property.RefKind switch
    {
        RefKind.None => "",
        RefKind.Ref => "ref ",
        _ => "ref readonly ",
    };

    private static string Unsupported(IPropertySymbol property, FieldType type)
    {
        var hint = property.Type.ToDisplayString() is "System.DateTime" or "System.DateTime?"
            ? "use DateTimeOffset, which means the same moment everywhere"
            : type.Problem ?? $"use {ValueTypes.Storable} (a '?' may follow), or a type that merges by itself: {MergingTypes.Names}, or a class with [EdgeObject]";
        return $"Property '{property.Name}' has type '{property.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}', which cannot be stored; {hint}";
    }

    /// <param name="lens">The arguments of the library's <c>Lens</c> as C# text; empty where there is no lens.</param>
    private bool CheckLens(IPropertySymbol property, FieldType type, out string lens, out string oldName, out ITypeSymbol? oldType)
    {
        (lens, oldName, oldType) = ("", "", null);
        var attribute = property.GetAttributes().FirstOrDefault(static a => a.AttributeClass?.OriginalDefinition.ToDisplayString() == "Edge.Sync.LensAttribute<TLens>");
        if (attribute is null || type.Kind == FieldKind.Invalid) return true;
        if (isObject) return Report(property, $"Property '{property.Name}' lies in an object; a lens is for properties of the document");
        if (type.Kind != FieldKind.Register) return Report(property, $"Property '{property.Name}' is a {property.Type.Name}; a lens is for properties of plain values. Keep the old property beside the new one, and take its values over in an edit");
        oldName = AttributeText.Of(attribute);
        if (!WireNames.IsField(oldName) || oldName == WireNameOf(property))
            return Report(property, $"The old field name '{oldName}' of property '{property.Name}' is not allowed; use the wire name that the field had, which is another than it has now");
        var value = ValueTypes.ValueOf(property.Type).WithNullableAnnotation(NullableAnnotation.NotAnnotated);
        var lensType = attribute.AttributeClass!.TypeArguments[0];
        foreach (var contract in lensType.AllInterfaces)
        {
            if (contract.OriginalDefinition.ToDisplayString() != "Edge.Sync.ILens<TOld, TNew>" || !SymbolEqualityComparer.Default.Equals(contract.TypeArguments[1], value)) continue;
            if (!ValueTypes.IsStorable(contract.TypeArguments[0])) return Report(property, $"Lens '{lensType.Name}' reads a {contract.TypeArguments[0].Name}; it reads {ValueTypes.Storable}");
            oldType = contract.TypeArguments[0];
            var plain = SymbolDisplayFormat.FullyQualifiedFormat;
            lens = $"<{oldType.ToDisplayString(plain)}, {value.ToDisplayString(plain)}, {lensType.ToDisplayString(plain)}>({SymbolDisplay.FormatLiteral(oldName, quote: true)})";
            return true;
        }
        return Report(property, $"Lens '{lensType.Name}' of property '{property.Name}' does not give values of its type; let it implement ILens<TOld, {value.Name}>");
    }

    private bool CheckLocal(IPropertySymbol property)
    {
        if (!Has(property, LocalOnly)) return true;
        if (isObject) return Report(property, $"Property '{property.Name}' lies in an object, which is synced as a whole; a property of the document can be [LocalOnly]");
        if (Has(property, Searchable)) return Report(property, $"Property '{property.Name}' stays on the device, in a table that full-text indexes do not read; remove [Searchable] or [LocalOnly]");
        return property.Type.Name != "BoundedCounter" || Report(property, $"Property '{property.Name}' is a BoundedCounter, whose rights are shared among devices; a local one has nobody to share with, so use a Counter");
    }

    private bool CheckUnique(IPropertySymbol property, FieldType type)
    {
        if (!Has(property, Unique)) return true;
        if (isObject) return Report(property, $"Property '{property.Name}' lies in an object; only a document can bear a name, so move [UniqueClaim] to a property of the document");
        if (Has(property, LocalOnly)) return Report(property, $"Property '{property.Name}' stays on the device, where nobody else can have its value; remove [UniqueClaim] or [LocalOnly]");
        if (property.GetAttributes().Any(static a => a.AttributeClass?.Name == "LensAttribute")) return Report(property, $"Property '{property.Name}' reads an old field by a lens, which old apps write without a claim; remove [UniqueClaim] or the lens");
        if (isForgettable) return Report(property, $"Property '{property.Name}' lies in a forgettable document, and a claim keeps its value outside of it, unencrypted; remove [UniqueClaim], or claim a name that says nothing of anybody");
        return type.Kind == FieldKind.Invalid || type is { Kind: FieldKind.Register, ValueType: "string" }
            || Report(property, $"Property '{property.Name}' is no string; [UniqueClaim] is for names, so make it a string");
    }

    private static bool Has(IPropertySymbol property, string attribute)
    {
        foreach (var data in property.GetAttributes())
            if (data.AttributeClass?.ToDisplayString() == attribute) return true;
        return false;
    }

    private static AttributeData? FieldAttributeOf(IPropertySymbol property)
    {
        foreach (var attribute in property.GetAttributes())
            if (attribute.AttributeClass?.ToDisplayString() == "Edge.Sync.FieldAttribute") return attribute;
        return null;
    }

    public static string WireNameOf(IPropertySymbol property) =>
        FieldAttributeOf(property) is { } attribute ? AttributeText.Of(attribute) : property.Name;

    private static string Accessor(SyntaxList<AccessorDeclarationSyntax> accessors, SyntaxKind kind)
    {
        foreach (var accessor in accessors)
            if (accessor.IsKind(kind)) return string.Join(" ", accessor.Modifiers.Select(m => m.Text).Append(accessor.Keyword.Text));
        return "";
    }

    private static string WithoutPartial(SyntaxTokenList modifiers) =>
        string.Join(" ", modifiers.Where(m => !m.IsKind(SyntaxKind.PartialKeyword)).Select(m => m.Text));

    private bool Report(IPropertySymbol property, string message, string? cure = null)
    {
        problems.Add(DiagnosticInfo.At(property.Locations[0], message, cure));
        return false;
    }
}
