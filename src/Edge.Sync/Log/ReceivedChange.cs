namespace Edge.Sync.Log;

/// <summary>A change as it comes from a peer.</summary>
/// <param name="Bytes">Header and body.</param>
/// <param name="Signature">The seal behind it; empty where none stands there.</param>
internal readonly record struct ReceivedChange(ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<byte> Signature);
