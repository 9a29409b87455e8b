namespace Edge.Sync.Log;

/// <summary>A place among all sections that are absent here. Local: it never goes on the wire.</summary>
/// <param name="Document">The document.</param>
/// <param name="Sequence">The section's change, by this replica's order of arrival.</param>
/// <param name="Number">The section's number within its change.</param>
internal readonly record struct WantedPlace(DocumentKey Document, long Sequence, int Number);

/// <summary>A section that is absent here and wanted.</summary>
internal readonly record struct WantedSection(SectionName Name, WantedPlace Place);

/// <summary>Some of the sections that are wanted.</summary>
/// <param name="Sections">In order of their places.</param>
/// <param name="Next">Where to go on from.</param>
/// <param name="IsLast">Whether there are no more behind them.</param>
internal sealed record WantedSections(IReadOnlyList<WantedSection> Sections, WantedPlace Next, bool IsLast);
