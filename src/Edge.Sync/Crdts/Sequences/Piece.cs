namespace Edge.Sync.Crdts.Sequences;

/// <summary>Characters with consecutive ordinals that lie in one stretch and in one run: equal steps of one replica's counter, each the right child of the one before.</summary>
internal readonly record struct Piece(int Ordinal, int Length);
