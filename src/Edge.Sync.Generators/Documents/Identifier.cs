using Microsoft.CodeAnalysis.CSharp;

namespace Edge.Sync.Generators.Documents;

/// <summary>Names as C# text.</summary>
internal static class Identifier
{
    /// <summary>Puts an @ before keywords, also before those that are keywords only in places (<c>field</c>, <c>record</c>): it never hurts.</summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None ? "@" + name : name;
}
