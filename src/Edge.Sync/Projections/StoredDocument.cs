using System.Buffers.Binary;
using Edge.Sync.Documents;
using Edge.Sync.Storage;

namespace Edge.Sync.Projections;

/// <summary>A document's stored bytes as of one moment, not decoded yet. A query makes one for each of its documents, and few are decoded: so it is one object and one array.</summary>
/// <remarks><code>bytes = state, change ...    each its length in 4 bytes before it, the state's -1 where none is stored; changes are those that it lacks, oldest first</code></remarks>
/// <param name="origin">Where it is from.</param>
/// <param name="id">The document.</param>
/// <param name="bytes">See above.</param>
/// <param name="local">The fields that stay on the device; null where there are none.</param>
internal sealed class StoredDocument(StoredOrigin origin, DocumentId id, byte[] bytes, byte[]? local) : LateState
{
    private const int LengthBytes = sizeof(int);

    /// <param name="origin">Where it is from.</param>
    /// <param name="id">The document.</param>
    /// <param name="row">A row at hand.</param>
    /// <param name="stateColumn">Where it has the state, or NULL.</param>
    /// <param name="changes">The changes that the state lacks, but for the last where the row has that.</param>
    /// <param name="lastColumn">Where the row has that; -1 where it has not.</param>
    /// <param name="local">The fields that stay on the device; null where there are none.</param>
    public static StoredDocument Read(StoredOrigin origin, DocumentId id, SqliteStatement row, int stateColumn, ReadOnlySpan<ReadOnlyMemory<byte>> changes, int lastColumn, byte[]? local)
    {
        var hasState = row.TryBlob(stateColumn, out var state);
        var last = lastColumn < 0 ? default : row.Blob(lastColumn);
        var length = LengthBytes + state.Length + (lastColumn < 0 ? 0 : LengthBytes + last.Length);
        foreach (var change in changes) length += LengthBytes + change.Length;
        var bytes = GC.AllocateUninitializedArray<byte>(length);
        var rest = bytes.AsSpan();
        Write(ref rest, hasState ? state.Length : -1, state);
        foreach (var change in changes) Write(ref rest, change.Length, change.Span);
        if (lastColumn >= 0) Write(ref rest, last.Length, last);
        return new(origin, id, bytes, local);
    }

    protected override Decoded Decode()
    {
        var key = new DocumentKey(origin.Collection, id);
        try
        {
            var stateLength = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            var state = stateLength < 0 ? null : bytes.AsSpan(LengthBytes, stateLength).ToArray();
            return new(DocumentFold.Load(key, state, ReadChanges(LengthBytes + Math.Max(0, stateLength)), origin.Keys), local is null ? null : DocumentCodec.Read(key, local));
        }
        catch (EdgeDataException e) { throw DocumentReader.Damaged(key, origin.Path, e); }
    }

    private static void Write(ref Span<byte> rest, int length, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, length);
        part.CopyTo(rest[LengthBytes..]);
        rest = rest[(LengthBytes + part.Length)..];
    }

    private IEnumerable<ReadOnlyMemory<byte>> ReadChanges(int start)
    {
        for (var at = start; at < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
            yield return bytes.AsMemory(at + LengthBytes, length);
            at += LengthBytes + length;
        }
    }
}
