using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators.Diagnostics;

/// <summary>Everything that the generator and the analyzers report. Each id has a page in docs/diagnostics.</summary>
internal static class Descriptors
{
    private const string Category = "EdgeSync";

    /// <summary>One id for one cause, a class that cannot become a document; the message says which rule, and what to do.</summary>
    public static readonly DiagnosticDescriptor DocumentShape = new(
        "ES0006",
        "The class cannot become a document",
        "{0}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A class with [EdgeDocument] is a partial class whose partial properties become replicated fields. "
            + "Its shape, the types of its properties and the names on the wire follow rules, listed in docs/diagnostics/ES0006.md.");
}
