using Edge.Sync.Documents;
using Edge.Sync.Storage;

namespace Edge.Sync.Verification;

/// <summary>A document that the log was folded to, and which changes have sections for it.</summary>
internal sealed class FoldedDocument(DocumentState state)
{
    private readonly DocumentState _empty = new(state.Id, state.Collection);

    /// <summary>What its sections fold to; empty where any is absent.</summary>
    public DocumentState State => IsWhole ? state : _empty;

    public List<long> Sequences { get; } = [];

    public List<Hole> Holes { get; } = [];

    public bool IsWhole => Holes.Count == 0;

    public bool HasContent { get; set; }

    /// <summary>How many of the holes are sections whose keys are not here.</summary>
    public int WaitingCount { get; set; }

    public int Presence => !IsWhole ? 2 : state.Existence.Exists ? 1 : 0;
}
