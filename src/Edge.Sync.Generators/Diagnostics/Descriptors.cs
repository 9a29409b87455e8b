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

    /// <summary>The argument is the name of the callback's parameter.</summary>
    public static readonly DiagnosticDescriptor DraftEscape = new(
        "ES0002",
        "The draft leaves its callback",
        "The draft '{0}' leaves its callback, after which it can no longer be written and shows what was true then; take the values out that you need, or read the document with FindAsync",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "The document that EditAsync hands to its callback lives as long as the callback. Cases and ways out are listed in docs/diagnostics/ES0002.md.");

    /// <summary>The argument is the member that waits.</summary>
    public static readonly DiagnosticDescriptor BlockingWait = new(
        "ES0007",
        "Blocking wait inside an edit callback",
        "'{0}' blocks the writer, which every commit of the database goes through; await before EditAsync and take the result into the callback",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "An edit callback runs on the database's one writer. A wait inside stops all commits, and never ends where it waits for one of them. "
            + "Cases and ways out are listed in docs/diagnostics/ES0007.md.");
}
