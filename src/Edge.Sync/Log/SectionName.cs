namespace Edge.Sync.Log;

/// <summary>Names one section on every replica: the last dot of its change, and its number within the change, from 0.</summary>
internal readonly record struct SectionName(Dot Change, int Number);
