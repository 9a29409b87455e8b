namespace Edge.Sync.Inference;

/// <summary>Pieces as documents of the database itself: they travel, and are kept, like everything else.</summary>
internal sealed class DocumentModelBlobs(EdgeDatabase database) : IModelBlobs
{
    // In base64 with its field's name this is 176 KB: an urgent change waits for one piece at most, not for a model.
    public int ChunkBytesMax => 128 << 10;

    private DocumentSet<ChunkDocument> Chunks => database.Documents<ChunkDocument>();

    public async Task WriteAsync(ReadOnlyMemory<byte> sha256, ReadOnlyMemory<byte> chunk, CancellationToken cancellationToken)
    {
        if (await Chunks.FindAsync(IdOf(sha256), cancellationToken).ConfigureAwait(false) is { Bytes.Length: > 0 })
            return;
        await Chunks.EditAsync(IdOf(sha256), chunk, static (document, bytes) => document.Bytes = Convert.ToBase64String(bytes.Span), cancellationToken).ConfigureAwait(false);
    }

    public async Task<byte[]?> ReadAsync(ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken)
    {
        if (await Chunks.FindAsync(IdOf(sha256), cancellationToken).ConfigureAwait(false) is not { Bytes: { Length: > 0 } text })
            return null;
        return Base64.TryRead(text, out var bytes) ? bytes : [];
    }

    public static DocumentId IdOf(ReadOnlyMemory<byte> sha256) => DocumentId.FromBytes(sha256.Span[..DocumentId.SizeBytes]);
}
