using Edge.Sync.Storage;

namespace Edge.Sync.Live;

/// <summary>Where feeds read from, while the file is open.</summary>
/// <param name="Readers">Connections.</param>
/// <param name="Self">This replica.</param>
internal sealed record FeedSource(SqliteReaders Readers, ReplicaId Self);
