using Edge.Sync.Documents;
using Edge.Sync.Trust.Content;

namespace Edge.Sync.Projections;

/// <summary>A document's stored bytes as of one moment, not decoded yet.</summary>
/// <param name="key">The document.</param>
/// <param name="path">The file, for messages.</param>
/// <param name="state">Its state; null where none is stored.</param>
/// <param name="tail">The changes that the state lacks, oldest first.</param>
/// <param name="local">The fields that stay on the device; null where there are none.</param>
internal sealed class StoredDocument(DocumentKey key, string path, byte[]? state, ReadOnlyMemory<byte>[] tail, byte[]? local) : LateState
{
    public required IContentKeys Keys { get; init; }

    protected override Decoded Decode()
    {
        try { return new(DocumentFold.Load(key, state, tail, Keys), local is null ? null : DocumentCodec.Read(key, local)); }
        catch (EdgeDataException e) { throw DocumentReader.Damaged(key, path, e); }
    }
}
