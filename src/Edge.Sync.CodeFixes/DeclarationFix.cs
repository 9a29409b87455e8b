using System.Collections.Immutable;
using System.Composition;
using Edge.Sync.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace Edge.Sync.CodeFixes;

/// <summary>ES0006: writes <c>partial</c> where it lacks, and removes a setter that must not be.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class DeclarationFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["ES0006"];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (!diagnostic.Properties.TryGetValue(Cure.Key, out var cure)) continue;
            if (root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } declaration) continue;
            if (cure == Cure.Partial && declaration is TypeDeclarationSyntax or PropertyDeclarationSyntax && !declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
                Register(context, diagnostic, "Write 'partial'", declaration, AddPartial(declaration));
            else if (cure == Cure.GetOnly && declaration is PropertyDeclarationSyntax { AccessorList: { } accessors } property)
                Register(context, diagnostic, "Remove the setter", declaration, property.WithAccessorList(RemoveSetters(accessors)));
        }
    }

    private static void Register(CodeFixContext context, Diagnostic diagnostic, string title, MemberDeclarationSyntax old, MemberDeclarationSyntax fixedOne) =>
        context.RegisterCodeFix(CodeAction.Create(title, async cancellationToken =>
        {
            var editor = await DocumentEditor.CreateAsync(context.Document, cancellationToken).ConfigureAwait(false);
            editor.ReplaceNode(old, fixedOne);
            return editor.GetChangedDocument();
        }, title), diagnostic);

    // The last of the modifiers: right before the keyword, or the type of a property.
    private static MemberDeclarationSyntax AddPartial(MemberDeclarationSyntax declaration)
    {
        var partial = SyntaxFactory.Token(SyntaxKind.PartialKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        if (declaration.Modifiers.Count > 0) return declaration.AddModifiers(partial);
        var first = declaration switch
        {
            TypeDeclarationSyntax type => type.Keyword,
            _ => ((PropertyDeclarationSyntax)declaration).Type.GetFirstToken(),
        };
        // Comments and spaces that stood before it stand before the modifier.
        return declaration.ReplaceToken(first, first.WithLeadingTrivia()).WithModifiers(SyntaxFactory.TokenList(partial.WithLeadingTrivia(first.LeadingTrivia)));
    }

    private static AccessorListSyntax RemoveSetters(AccessorListSyntax accessors) =>
        accessors.WithAccessors(SyntaxFactory.List(accessors.Accessors.Where(static accessor => !accessor.IsKind(SyntaxKind.SetAccessorDeclaration) && !accessor.IsKind(SyntaxKind.InitAccessorDeclaration))));
}
