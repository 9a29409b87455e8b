namespace Edge.Sync.Log;

/// <summary>
/// Which of a replica's own changes wait for a seal. Seals are written when changes leave, not at each commit: a signature costs more than the
/// commit. At most <see cref="ChangesMax"/> changes or <see cref="BytesMax"/> bytes lie between two, so a link that breaks loses no more than that.
/// </summary>
internal sealed class SealPlan
{
    public const int ChangesMax = 256;
    public const int BytesMax = 64 << 10;

    /// <summary>As many bytes of others may lie between a change and its seal: a receiver can apply neither before both are there.</summary>
    public const int ForeignBytesMax = 256 << 10;

    private readonly List<FeedEnd> _cuts = [];
    private FeedEnd? _tail;
    private int _changes;
    private long _bytes;
    private long _foreignBytes;

    /// <summary>The changes to seal now, ascending; empty where nothing waits.</summary>
    public FeedEnd[] Due() => _tail is { } tail ? [.. _cuts, tail] : [.. _cuts];

    /// <summary>Takes note of a change of this replica.</summary>
    public void Append(FeedEnd end, int bytes)
    {
        if (_tail is not null && (_changes == ChangesMax || _bytes + bytes > BytesMax || _foreignBytes > ForeignBytesMax)) Cut();
        if (_tail is null) _foreignBytes = 0;
        _tail = end;
        _changes++;
        _bytes += bytes;
    }

    /// <summary>Takes note of a change of another replica.</summary>
    public void AppendForeign(int bytes)
    {
        if (_tail is not null) _foreignBytes += bytes;
    }

    /// <summary>Takes note that all up to <paramref name="last"/> is sealed.</summary>
    public void Sealed(Dot last)
    {
        _cuts.RemoveAll(cut => cut.Last.Counter <= last.Counter);
        if (_tail is not { } tail || tail.Last.Counter > last.Counter) return;
        (_tail, _changes, _bytes, _foreignBytes) = (null, 0, 0, 0);
    }

    private void Cut()
    {
        _cuts.Add(_tail!.Value);
        (_tail, _changes, _bytes, _foreignBytes) = (null, 0, 0, 0);
    }
}
