namespace Edge.Sync;

/// <summary>Gives a field's column an index, for queries that compare with it or sort by it.</summary>
/// <remarks>For fields of one value: plain ones, counters, flags, registers. The index is local: adding the attribute, or taking it away, changes nothing on the wire.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class IndexedAttribute : Attribute;
