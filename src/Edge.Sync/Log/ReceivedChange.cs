namespace Edge.Sync.Log;

/// <summary>A change as it comes from a peer.</summary>
/// <param name="Bytes">Header and body.</param>
/// <param name="Signature">The seal behind it; empty where none stands there.</param>
/// <param name="Past">The ids of what it follows directly, the change before it in its feed first; empty where the peer does not say.</param>
internal readonly record struct ReceivedChange(ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<byte> Signature, ReadOnlyMemory<byte> Past = default);
