namespace Edge.Sync.Machines;

/// <summary>A document that has a name which another one bears.</summary>
/// <param name="Collection">The collection of both.</param>
/// <param name="Loser">The document.</param>
/// <param name="Field">The field that has the name.</param>
/// <param name="Name">The name.</param>
/// <param name="Bearer">The document that bears it.</param>
/// <param name="Dot">The operation that claimed it for the one that lost.</param>
/// <param name="Stamp">When that was.</param>
internal sealed record LostName(string Collection, DocumentId Loser, uint Field, string Name, DocumentId Bearer, Dot Dot, HybridTimestamp Stamp);
