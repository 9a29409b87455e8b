using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators.Diagnostics;

/// <summary>Everything that the generator and the analyzers report. Each id has a page in docs/analyzers.</summary>
internal static class Descriptors
{
    private const string Category = "EdgeSync";

    /// <summary>Where the pages are, from the root of the project and of the package.</summary>
    private const string Help = "docs/analyzers/";

    /// <summary>The properties of a diagnostic that one of the code fixes helps with.</summary>
    public static ImmutableDictionary<string, string?> CuredBy(string cure) => ImmutableDictionary<string, string?>.Empty.Add(Cure.Key, cure);

    /// <summary>The argument is the name of what holds the snapshot.</summary>
    public static readonly DiagnosticDescriptor SnapshotWrite = new(
        "ES0001",
        "Write to a snapshot",
        "'{0}' is a snapshot, which never changes: this write throws; make it in EditAsync(id, edit)",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "What FindAsync, ToListAsync, FirstOrDefaultAsync and WatchAsync give is an immutable snapshot. Cases and ways out are listed in docs/analyzers/ES0001.md.",
        helpLinkUri: Help + "ES0001.md");

    /// <summary>The arguments are the part of the lambda, and what to do.</summary>
    public static readonly DiagnosticDescriptor QueryShape = new(
        "ES0003",
        "A query that cannot be translated",
        "'{0}' cannot be translated to SQL: the query throws when it is made; {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "The lambdas of Where and OrderBy are translated to SQL, never run. Which shapes they may have is listed in docs/analyzers/ES0003.md.",
        helpLinkUri: Help + "ES0003.md");

    /// <summary>An error in code that runs on every replica; in an edit callback a warning. The message says which.</summary>
    public static readonly DiagnosticDescriptor ImpureCode = new(
        "ES0004",
        "Clock, randomness or I/O where replicas must agree",
        "{0}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "Merge rules, lattices and projections run on every replica and must be pure; an edit callback runs on the one writer. Cases and ways out are listed in docs/analyzers/ES0004.md.",
        helpLinkUri: Help + "ES0004.md");

    /// <summary>Documents that two versions of the app would read differently; what the lock file does not know yet is a warning. The message says what to do.</summary>
    public static readonly DiagnosticDescriptor Schema = new(
        "ES0005",
        "The schema against its lock file",
        "{0}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "edge-sync.schema.json says what documents look like on the wire. What breaks it, and what to do, is listed in docs/analyzers/ES0005.md.",
        helpLinkUri: Help + "ES0005.md");

    /// <summary>One id for one cause, a class that cannot become a document; the message says which rule, and what to do.</summary>
    public static readonly DiagnosticDescriptor DocumentShape = new(
        "ES0006",
        "The class cannot become a document",
        "{0}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A class with [EdgeDocument] is a partial class whose partial properties become replicated fields. "
            + "Its shape, the types of its properties and the names on the wire follow rules, listed in docs/analyzers/ES0006.md.",
        helpLinkUri: Help + "ES0006.md");

    /// <summary>The argument is the name of the callback's parameter.</summary>
    public static readonly DiagnosticDescriptor DraftEscape = new(
        "ES0002",
        "The draft leaves its callback",
        "The draft '{0}' leaves its callback, after which it can no longer be written and shows what was true then; take the values out that you need, or read the document with FindAsync",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "The document that EditAsync hands to its callback lives as long as the callback. Cases and ways out are listed in docs/analyzers/ES0002.md.",
        helpLinkUri: Help + "ES0002.md");

    /// <summary>The argument is the member that waits.</summary>
    public static readonly DiagnosticDescriptor BlockingWait = new(
        "ES0007",
        "Blocking wait inside an edit callback",
        "'{0}' blocks the writer, which every commit of the database goes through; await before EditAsync and take the result into the callback",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "An edit callback runs on the database's one writer. A wait inside stops all commits, and never ends where it waits for one of them. "
            + "Cases and ways out are listed in docs/analyzers/ES0007.md.",
        helpLinkUri: Help + "ES0007.md");
}
