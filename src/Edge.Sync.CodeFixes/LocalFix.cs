using System.Collections.Immutable;
using System.Composition;
using Edge.Sync.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;

namespace Edge.Sync.CodeFixes;

/// <summary>ES0003 and ES0004: takes a value before the statement, which in the lambda cannot be translated, or would be taken on the writer.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class LocalFix : CodeFixProvider
{
    private const string Title = "Take the value before the statement";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["ES0003", "ES0004"];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root is null || model is null || !diagnostic.Properties.TryGetValue(Cure.Key, out var cure) || cure != Cure.Local) continue;
            if (root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is not ExpressionSyntax expression) continue;
            if (expression.Ancestors().OfType<LambdaExpressionSyntax>().LastOrDefault() is not { } lambda || UsesInner(model, expression, lambda)) continue;
            if (lambda.FirstAncestorOrSelf<StatementSyntax>() is not { Parent: BlockSyntax } statement || model.GetTypeInfo(expression).ConvertedType is not { } type) continue;
            context.RegisterCodeFix(CodeAction.Create(Title, token => TakeBeforeAsync(context.Document, expression, type, lambda, statement, token), Title), diagnostic);
        }
    }

    private static async Task<Document> TakeBeforeAsync(Document document, ExpressionSyntax expression, ITypeSymbol type, LambdaExpressionSyntax lambda, StatementSyntax statement, CancellationToken cancellationToken)
    {
        var editor = await DocumentEditor.CreateAsync(document, cancellationToken).ConfigureAwait(false);
        var name = FreeName(editor.SemanticModel, NameOf(expression), statement, expression.SpanStart);
        // What has no type of its own, as [1, 2], gets that of its place; what has one shows it.
        var declared = expression is CollectionExpressionSyntax
            ? (TypeSyntax)editor.Generator.TypeExpression(type)
            : SyntaxFactory.IdentifierName("var");
        editor.InsertBefore(statement, SyntaxFactory.LocalDeclarationStatement(SyntaxFactory.VariableDeclaration(declared, SyntaxFactory.SingletonSeparatedList(
            SyntaxFactory.VariableDeclarator(name).WithInitializer(SyntaxFactory.EqualsValueClause(expression.WithoutTrivia()))))).WithAdditionalAnnotations(Formatter.Annotation));
        editor.ReplaceNode(expression, SyntaxFactory.IdentifierName(name).WithTriviaFrom(expression));
        // It captures something now.
        foreach (var around in expression.Ancestors().OfType<LambdaExpressionSyntax>().TakeWhile(other => other.Span.Length <= lambda.Span.Length))
            if (around.Modifiers.Any(SyntaxKind.StaticKeyword))
                editor.ReplaceNode(around, static (node, _) => ((LambdaExpressionSyntax)node).WithModifiers(
                    SyntaxFactory.TokenList(((LambdaExpressionSyntax)node).Modifiers.Where(static modifier => !modifier.IsKind(SyntaxKind.StaticKeyword)))).WithTriviaFrom(node));
        return editor.GetChangedDocument();
    }

    // What is declared inside of the lambda is not there before the statement.
    private static bool UsesInner(SemanticModel model, ExpressionSyntax expression, LambdaExpressionSyntax lambda) =>
        expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name =>
            model.GetSymbolInfo(name).Symbol is ILocalSymbol or IParameterSymbol && model.GetSymbolInfo(name).Symbol!.DeclaringSyntaxReferences.Any(reference => lambda.FullSpan.Contains(reference.Span)));

    private static string NameOf(ExpressionSyntax expression)
    {
        var name = expression switch
        {
            MemberAccessExpressionSyntax member => member.Name.Identifier.ValueText,
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member } => member.Name.Identifier.ValueText,
            CollectionExpressionSyntax or ArrayCreationExpressionSyntax or ImplicitArrayCreationExpressionSyntax => "values",
            _ => "value",
        };
        return char.ToLowerInvariant(name[0]) + name.Substring(1);
    }

    private static string FreeName(SemanticModel model, string name, StatementSyntax statement, int position)
    {
        var taken = new HashSet<string>(model.LookupSymbols(position).Concat(model.LookupSymbols(statement.SpanStart)).Select(static symbol => symbol.Name));
        var free = name;
        for (var i = 2; taken.Contains(free); i++) free = $"{name}{i}";
        return free;
    }
}
