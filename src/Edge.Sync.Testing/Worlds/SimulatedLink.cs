using System.Buffers;
using System.IO.Pipelines;
using Edge.Sync.Replication;

namespace Edge.Sync.Testing;

/// <summary>What lies between two replicas: takes whole frames of the sync protocol, and loses, doubles, delays and reorders them.</summary>
/// <remarks>
/// A partition loses frames silently, as a network does; sessions find out by themselves. Where one side dials anew, the other's old session ends, as a reset connection does.
/// Each direction draws from a seed of its own.
/// </remarks>
internal sealed class SimulatedLink
{
    private readonly Pump _pump;
    private readonly Trace _trace;
    private readonly SimulationOptions _options;
    private readonly Random[] _random;
    private readonly string[] _names;
    private readonly TimeSpan[] _lastAt = new TimeSpan[2];
    private readonly TaskCompletionSource<SimulatedConnection?>?[] _waiting = new TaskCompletionSource<SimulatedConnection?>?[2];
    private readonly SimulatedConnection?[] _open = new SimulatedConnection?[2];
    private bool _isCut;

    public SimulatedLink(Pump pump, Trace trace, SimulationOptions options, int seed, int number, string first, string second)
    {
        (_pump, _trace, _options, _names) = (pump, trace, options, [first, second]);
        _random = [new(SimulatedRandom.Seed(seed, 1000 + (2 * number))), new(SimulatedRandom.Seed(seed, 1001 + (2 * number)))];
    }

    /// <summary>Whether nothing is lost or doubled for now.</summary>
    public bool IsQuiet { get; set; }

    public bool IsCut
    {
        get => _isCut;
        set
        {
            _isCut = value;
            Pair();
        }
    }

    public string NameOf(int side) => _names[side];

    /// <summary>Waits for the other side; null where cancelled before that.</summary>
    public async Task<SimulatedConnection?> JoinAsync(int side, CancellationToken cancellationToken)
    {
        var joined = new TaskCompletionSource<SimulatedConnection?>();
        using var registration = cancellationToken.Register(() => joined.TrySetResult(null));
        _waiting[side] = joined;
        Pair();
        var connection = await joined.Task.ConfigureAwait(false);
        if (_waiting[side] == joined) _waiting[side] = null;
        return connection;
    }

    /// <summary>A session has ended. Does nothing where that side has dialled anew meanwhile.</summary>
    public void Leave(int side, SimulatedConnection connection)
    {
        connection.End();
        if (_open[side] == connection) _open[side] = null;
    }

    /// <summary>A device is without power: nothing more comes from it or reaches it.</summary>
    public void Leave(int side)
    {
        _open[side]?.End();
        _open[side] = null;
        _waiting[side]?.TrySetResult(null);
        _waiting[side] = null;
    }

    private void Pair()
    {
        if (_isCut) return;
        for (var side = 0; side < 2; side++)
            if (_waiting[side] is not null && _open[1 - side] is { } stale)
            {
                // Dialled anew: the session over there learns that its peer is gone.
                _open[1 - side] = null;
                stale.End();
            }
        if (_waiting[0] is not { } first || _waiting[1] is not { } second) return;
        (_waiting[0], _waiting[1]) = (null, null);
        (_open[0], _open[1]) = (new(_pump), new(_pump));
        _trace.Write($"{_names[0]} <-> {_names[1]} connected");
        for (var side = 0; side < 2; side++)
            _ = CarryAsync(side, _open[side]!, _open[1 - side]!);
        first.TrySetResult(_open[0]);
        second.TrySetResult(_open[1]);
    }

    private async Task CarryAsync(int from, SimulatedConnection sender, SimulatedConnection receiver)
    {
        while (true)
        {
            var read = await sender.Sent.ReadAsync().ConfigureAwait(false);
            var rest = read.Buffer;
            while (FrameCodec.TryRead(ref rest, int.MaxValue, out var frame))
                Send(from, receiver, frame.ToArray());
            sender.Sent.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted || read.IsCanceled || sender.HasEnded) return;
        }
    }

    private void Send(int from, SimulatedConnection receiver, byte[] frame)
    {
        var random = _random[from];
        // All is drawn for every frame, so that a frame more or less does not shift what befalls the next ones.
        var (loss, duplicate, reorder, first, second) = (random.NextDouble(), random.NextDouble(), random.NextDouble(), random.NextDouble(), random.NextDouble());
        var text = $"{_names[from]} -> {_names[1 - from]} {NameOf(frame)} {frame.Length} B";
        if (_isCut) _trace.Write($"{text}, cut off");
        else if (!IsQuiet && loss < _options.Loss) _trace.Write($"{text}, lost");
        else
        {
            var isTwice = !IsQuiet && duplicate < _options.Duplicate;
            _trace.Write($"{text}{(isTwice ? ", twice" : "")}");
            Deliver(from, receiver, frame, Under(first), canBeOvertaken: reorder < _options.Reorder);
            if (isTwice) Deliver(from, receiver, frame, Under(second), canBeOvertaken: true);
        }
    }

    private TimeSpan Under(double share) => TimeSpan.FromMilliseconds(1) + ((_options.Latency - TimeSpan.FromMilliseconds(1)) * share);

    private void Deliver(int from, SimulatedConnection receiver, byte[] frame, TimeSpan latency, bool canBeOvertaken)
    {
        var at = _pump.Now + (canBeOvertaken ? latency * 3 : latency);
        if (!canBeOvertaken) at = _lastAt[from] = at > _lastAt[from] ? at : _lastAt[from];
        _pump.Plan(at, () =>
        {
            if (receiver.HasEnded) return;
            if (_isCut) _trace.Write($"{_names[from]} -> {_names[1 - from]} {NameOf(frame)} {frame.Length} B, cut off on the way");
            else receiver.Deliver(frame);
        });
    }

    // The message's kind is the first member of its MessagePack array.
    private static string NameOf(byte[] frame) => frame.Length < 2 ? "frame" : frame[1] switch
    {
        0 => "hello",
        1 => "have",
        2 => "changes",
        3 => "ping",
        4 => "bye",
        8 => "keys",
        9 => "want",
        10 => "want-sections",
        11 => "sections",
        _ => "frame",
    };
}

/// <summary>One end of a connection.</summary>
internal sealed class SimulatedConnection : IDuplexPipe
{
    private readonly Pipe _in, _out;

    public SimulatedConnection(Pump pump)
    {
        // Never full: the session's own window bounds what is under way.
        var options = new PipeOptions(readerScheduler: pump.Pipes, writerScheduler: pump.Pipes, pauseWriterThreshold: 0, useSynchronizationContext: false);
        (_in, _out) = (new(options), new(options));
    }

    public PipeReader Input => _in.Reader;

    public PipeWriter Output => _out.Writer;

    /// <summary>What the session has sent.</summary>
    public PipeReader Sent => _out.Reader;

    public bool HasEnded { get; private set; }

    public void Deliver(ReadOnlySpan<byte> frame)
    {
        FrameCodec.Write(_in.Writer, frame);
        // Complete at once: the pipe is never full.
        _ = _in.Writer.FlushAsync(CancellationToken.None).AsTask();
    }

    /// <summary>The session sees the end of its input; what it still sends goes nowhere.</summary>
    public void End()
    {
        if (HasEnded) return;
        HasEnded = true;
        _in.Writer.Complete();
        Sent.CancelPendingRead();
    }
}
