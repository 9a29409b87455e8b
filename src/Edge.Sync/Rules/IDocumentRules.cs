using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync.Rules;

/// <summary>The rules for one class, whatever it is.</summary>
internal interface IDocumentRules
{
    string Collection { get; }

    /// <summary>Whether documents are looked at.</summary>
    bool Validates { get; }

    /// <summary>Why somebody may not make a change; null where they may.</summary>
    /// <param name="judged">The change.</param>
    /// <param name="id">The document.</param>
    /// <param name="section">What it does to it; null where that cannot be read here.</param>
    /// <param name="before">The document before it; null where it is not whole.</param>
    string? Authorize(JudgedChange judged, DocumentId id, DocumentSection? section, DocumentState? before);

    /// <summary>What is wrong with a document; null where nothing is, where it does not exist or is not whole.</summary>
    string? FindBroken(DocumentState? state);
}
