namespace Edge.Sync.Crdts.Sequences;

/// <summary>A place in a sequence that edits do not move: beside one character or element, which is named by its dot; with counter 0 the start or the end.</summary>
/// <param name="Dot">The neighbour; counter 0 where there is none on that side.</param>
/// <param name="IsBehind">Whether the place is behind the neighbour, else before it. Behind none is the start, before none the end.</param>
internal readonly record struct Anchor(Dot Dot, bool IsBehind);
