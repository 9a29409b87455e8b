namespace Edge.Sync;

/// <summary>A field that has been written in a document.</summary>
/// <param name="Name">The wire name; null where no class that this file has seen has it: on the wire there are hashes only.</param>
/// <param name="Id">The hash of its name.</param>
/// <param name="Kind">What merges it, as schema lock files name it: <c>register</c>, <c>counter</c>, <c>set</c>.</param>
public readonly record struct DynamicField(string? Name, uint Id, string Kind);
