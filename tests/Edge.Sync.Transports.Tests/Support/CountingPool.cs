using System.Buffers;

namespace Edge.Sync.Transports.Tests.Support;

/// <summary>Memory that counts what is rented of it.</summary>
internal sealed class CountingPool : MemoryPool<byte>
{
    private readonly Lock _lock = new();

    public long RentedBytes { get; private set; }

    public long PeakBytes { get; private set; }

    public override int MaxBufferSize => int.MaxValue;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        var size = Math.Max(minBufferSize, 1);
        lock (_lock)
            PeakBytes = Math.Max(PeakBytes, RentedBytes += size);
        return new Owner(this, size);
    }

    protected override void Dispose(bool disposing) { }

    private sealed class Owner(CountingPool pool, int size) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = new byte[size];

        public void Dispose()
        {
            lock (pool._lock)
                pool.RentedBytes -= size;
        }
    }
}
