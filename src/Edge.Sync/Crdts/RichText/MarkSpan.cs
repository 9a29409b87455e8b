namespace Edge.Sync.Crdts.RichText;

/// <summary>A stretch of visible text whose characters have equal marks.</summary>
/// <param name="Start">Its first UTF-16 code unit.</param>
/// <param name="Length">How many of them.</param>
/// <param name="Marks">By ascending key, text compared by code point.</param>
internal readonly record struct MarkSpan(int Start, int Length, MarkValue[] Marks);
