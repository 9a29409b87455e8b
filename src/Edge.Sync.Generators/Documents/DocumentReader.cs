using System.Collections.Immutable;
using Edge.Sync.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Edge.Sync.Generators.Documents;

/// <summary>Reads a class with <c>[EdgeDocument]</c> or <c>[EdgeObject]</c>: its model, and the rules that it breaks.</summary>
internal static class DocumentReader
{
    // SQLite's tables have 2,000 columns; rich text takes two, and some are ours.
    private const int FieldsMax = 1500;

    public static DocumentReading Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        var type = (INamedTypeSymbol)context.TargetSymbol;
        var problems = new List<DiagnosticInfo>();
        // Two parts with the attribute are an error already; here they are one document.
        if (!IsFirst(context.Attributes[0], context.TargetNode, type, cancellationToken)) return new(null, default);
        var isObject = context.Attributes[0].AttributeClass?.Name == "EdgeObjectAttribute";
        CheckClass(type, problems, cancellationToken);
        if (problems.Count > 0) return new(null, new([.. problems]));
        // Where another member clashes with the generated half that is not written; its properties are looked at all the same, so that all is told at once.
        CheckMembers(type, isObject, problems, cancellationToken);
        var isWritten = problems.Count == 0;

        var collection = isObject ? "" : AttributeText.Of(context.Attributes[0]);
        if (!isObject && !WireNames.IsCollection(collection))
            problems.Add(At(type, $"The collection name '{collection}' is not allowed; use a letter, then letters, digits, '-' and '_', at most {WireNames.LengthMax} characters, no 'edge_' or 'sqlite_' in front, and not 'edge-names', where claimed names are kept"));

        var reader = new FieldReader(context.SemanticModel.Compilation, isObject, IsForgettable(context.Attributes[0]), problems, cancellationToken);
        var fields = new List<(FieldModel Field, IPropertySymbol Property)>();
        foreach (var member in type.GetMembers())
            if (member is IPropertySymbol property && (isObject || property.Name != "Id") && reader.Read(property) is { } field) fields.Add((field, property));
        if (fields.Count > FieldsMax)
            problems.Add(At(type, $"Class '{type.Name}' has {fields.Count} fields, and its SQL table takes {FieldsMax} at most; group them in objects ([EdgeObject]) or in a map"));
        reader.CheckDistinct(fields.Where(f => f.Field.Kind != FieldKind.Invalid));

        return new(
            !isWritten ? null : new(
                NamespaceOf(type), new(ContainersOf(type)), Identifier.Escape(type.Name), type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
                collection, isObject, DeleteWins(context.Attributes[0]), IsForgettable(context.Attributes[0]), new([.. fields.Select(f => f.Field)])),
            new([.. problems]));
    }

    private static bool DeleteWins(AttributeData attribute) =>
        attribute.NamedArguments.FirstOrDefault(static argument => argument.Key == "Delete").Value is { Kind: TypedConstantKind.Enum, Value: 1 };

    private static bool IsForgettable(AttributeData attribute) =>
        attribute.NamedArguments.FirstOrDefault(static argument => argument.Key == "Forgettable").Value is { Kind: TypedConstantKind.Primitive, Value: true };

    private static bool IsFirst(AttributeData attribute, SyntaxNode node, INamedTypeSymbol type, CancellationToken cancellationToken) =>
        type.GetAttributes().First(other => SymbolEqualityComparer.Default.Equals(other.AttributeClass, attribute.AttributeClass))
            .ApplicationSyntaxReference?.GetSyntax(cancellationToken).Parent?.Parent == node;

    private static void CheckClass(INamedTypeSymbol type, List<DiagnosticInfo> problems, CancellationToken cancellationToken)
    {
        var shape = type switch
        {
            { IsRecord: true } => $"Record '{type.Name}' cannot be a document: its copies would share one state; make it a partial class",
            { IsStatic: true } => $"Class '{type.Name}' is static; a document has instances, so remove 'static'",
            { IsAbstract: true } => $"Class '{type.Name}' is abstract; a document is made by the library, so remove 'abstract'",
            { IsFileLocal: true } => $"Class '{type.Name}' is local to its file, where generated code cannot reach it; remove 'file'",
            { BaseType.SpecialType: not SpecialType.System_Object } => $"Class '{type.Name}' derives from '{type.BaseType?.Name}'; a document derives from no other class",
            _ => null,
        };
        if (shape is not null) problems.Add(At(type, shape));

        for (var outer = type; outer is not null; outer = outer.ContainingType)
        {
            var which = ReferenceEquals(outer, type) ? $"Class '{type.Name}'" : $"Type '{outer.Name}' around document '{type.Name}'";
            if (outer.IsGenericType && outer.TypeParameters.Length > 0)
                problems.Add(At(outer, $"{which} is generic; a document's collection has one set of fields, so remove the type parameters"));
            if (!IsPartial(outer, cancellationToken))
                problems.Add(At(outer, $"{which} is not partial; write 'partial' before its keyword, so that the generator can add the other half", Cure.Partial));
        }
    }

    private static void CheckMembers(INamedTypeSymbol type, bool isObject, List<DiagnosticInfo> problems, CancellationToken cancellationToken)
    {
        if (!isObject && ObjectTypes.IsObject(type))
            problems.Add(At(type, $"Class '{type.Name}' is both a document and an object within documents; remove one of the attributes"));
        foreach (var id in isObject ? [] : type.GetMembers("Id"))
            problems.Add(At(id, $"Document '{type.Name}' has an Id already, written by the generator; give this member another name"));
        foreach (var constructor in type.InstanceConstructors)
        {
            if (constructor.IsImplicitlyDeclared) continue;
            var message = constructor.DeclaringSyntaxReferences[0].GetSyntax(cancellationToken) switch
            {
                ConstructorDeclarationSyntax { ParameterList.Parameters.Count: 0 } =>
                    $"Document '{type.Name}' gets its constructor without parameters from the generator; remove this one, or give it parameters and ': this()'",
                ConstructorDeclarationSyntax { Initializer.RawKind: (int)SyntaxKind.ThisConstructorInitializer } => null,
                ConstructorDeclarationSyntax => $"This constructor of document '{type.Name}' would leave it without storage; add ': this()'",
                _ => $"Document '{type.Name}' has a primary constructor, which the library cannot call; use a constructor with ': this()'",
            };
            if (message is not null) problems.Add(At(constructor, message));
        }
    }

    public static bool IsPartial(INamedTypeSymbol type, CancellationToken cancellationToken) =>
        type.DeclaringSyntaxReferences.All(reference =>
            reference.GetSyntax(cancellationToken) is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    public static string NamespaceOf(INamedTypeSymbol type) =>
        type.ContainingNamespace is { IsGlobalNamespace: false } space ? string.Join(".", space.ToDisplayString().Split('.').Select(Identifier.Escape)) : "";

    public static ImmutableArray<string> ContainersOf(INamedTypeSymbol type)
    {
        var containers = new Stack<string>();
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            var keyword = outer switch
            {
                { TypeKind: TypeKind.Interface } => "interface",
                { TypeKind: TypeKind.Struct, IsRecord: true } => "record struct",
                { TypeKind: TypeKind.Struct } => "struct",
                { IsRecord: true } => "record",
                _ => "class",
            };
            containers.Push($"partial {keyword} {Identifier.Escape(outer.Name)}");
        }
        return [.. containers];
    }

    private static DiagnosticInfo At(ISymbol symbol, string message, string? cure = null) => DiagnosticInfo.At(symbol.Locations[0], message, cure);
}
