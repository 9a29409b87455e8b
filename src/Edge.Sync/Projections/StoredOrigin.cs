using Edge.Sync.Trust.Content;

namespace Edge.Sync.Projections;

/// <summary>What the stored documents of a query have in common.</summary>
/// <param name="Collection">Their collection.</param>
/// <param name="Path">The file, for messages.</param>
/// <param name="Keys">The keys to read them with.</param>
internal sealed record StoredOrigin(string Collection, string Path, IContentKeys Keys);
