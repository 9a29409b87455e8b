namespace Edge.Sync.Inference;

/// <summary>Holds pieces of files by their hashes, replicated. What it gives back is checked by the caller.</summary>
internal interface IModelBlobs
{
    /// <summary>The longest piece it takes, in bytes.</summary>
    int ChunkBytesMax { get; }

    Task WriteAsync(ReadOnlyMemory<byte> sha256, ReadOnlyMemory<byte> chunk, CancellationToken cancellationToken);

    /// <summary>The piece; null while it has not arrived.</summary>
    Task<byte[]?> ReadAsync(ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken);
}
