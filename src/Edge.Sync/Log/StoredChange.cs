
namespace Edge.Sync.Log;

/// <summary>A change as the store holds it.</summary>
/// <param name="Sequence">Its place in this replica's order of arrival. Local: it never goes on the wire.</param>
/// <param name="Last">The dot of its last operation.</param>
/// <param name="Id">Its id.</param>
/// <param name="Bytes">Header and body.</param>
/// <param name="Signature">The seal behind it; empty where none stands there.</param>
internal readonly record struct StoredChange(long Sequence, Dot Last, ChangeId Id, ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<byte> Signature = default)
{
    /// <summary>As it goes to a peer.</summary>
    public ReceivedChange ToReceived() => new(Bytes, Signature);
}
