namespace Edge.Sync.Log;

/// <summary>A section that was absent here, as a peer sends it. It is what its change's author wrote only if its hash is the one that was kept.</summary>
internal readonly record struct ReceivedSection(SectionName Name, ReadOnlyMemory<byte> Bytes);
