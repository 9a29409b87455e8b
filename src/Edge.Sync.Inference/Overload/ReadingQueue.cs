using System.Threading.Channels;

namespace Edge.Sync.Inference.Overload;

/// <summary>Readings that wait to be judged, at most so many; what goes is counted, exactly.</summary>
internal sealed class ReadingQueue<T>
{
    private readonly Channel<Queued<T>> _channel;
    private readonly ShedPolicy _policy;
    private long _offered;
    private long _shed;

    public ReadingQueue(int capacity, ShedPolicy policy)
    {
        _policy = policy;
        var options = new BoundedChannelOptions(capacity)
        {
            SingleReader = true,
            SingleWriter = true,
            FullMode = policy switch
            {
                ShedPolicy.DropOldest => BoundedChannelFullMode.DropOldest,
                ShedPolicy.DropNewest => BoundedChannelFullMode.DropWrite,
                _ => BoundedChannelFullMode.Wait,
            },
        };
        _channel = Channel.CreateBounded<Queued<T>>(options, _ => Interlocked.Increment(ref _shed));
    }

    /// <summary>Readings that the source gave.</summary>
    public long Offered => Interlocked.Read(ref _offered);

    /// <summary>Of those, how many gave way to others.</summary>
    public long Shed => Interlocked.Read(ref _shed);

    /// <summary>Waiting now.</summary>
    public int Count => _channel.Reader.Count;

    public ChannelReader<Queued<T>> Reader => _channel.Reader;

    /// <summary>Puts a reading in the queue. Waits only where the policy says so.</summary>
    public async ValueTask OfferAsync(T reading, long offeredAt, CancellationToken cancellationToken)
    {
        if (_policy == ShedPolicy.Wait)
            await _channel.Writer.WriteAsync(new(reading, offeredAt), cancellationToken).ConfigureAwait(false);
        else
            _channel.Writer.TryWrite(new(reading, offeredAt));
        Interlocked.Increment(ref _offered);
    }

    public void Complete(Exception? error) => _channel.Writer.TryComplete(error);
}

/// <summary>A reading and when it came: a timestamp of the clock.</summary>
internal readonly record struct Queued<T>(T Reading, long OfferedAt);
