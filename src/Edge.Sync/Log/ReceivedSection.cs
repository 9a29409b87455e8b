namespace Edge.Sync.Log;

/// <summary>A section that was absent here, as a peer sends it. It is what its change's author wrote only if its hash is the one that was kept.</summary>
/// <param name="Name">The section.</param>
/// <param name="Bytes">Its bytes; empty where the peer says that it has none.</param>
internal readonly record struct ReceivedSection(SectionName Name, ReadOnlyMemory<byte> Bytes);
