using System.Buffers;

namespace Edge.Sync.Wire;

/// <summary>A buffer to encode into, one for each thread that is used again and again: what is kept is copied out of it in its exact length.</summary>
/// <remarks>Renting within a rent gives another one, which is not kept. Nor is one that has grown large.</remarks>
internal readonly struct ScratchBuffer : IDisposable
{
    private const int KeptBytesMax = 64 << 10;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_free;

    private ScratchBuffer(ArrayBufferWriter<byte> output) => Output = output;

    public ArrayBufferWriter<byte> Output { get; }

    public static ScratchBuffer Rent()
    {
        var output = s_free ?? new(256);
        s_free = null;
        return new(output);
    }

    public void Dispose()
    {
        if (Output.Capacity > KeptBytesMax) return;
        // Cleared too: some of it is to be encrypted, or purged.
        Output.Clear();
        s_free = Output;
    }
}
