namespace Edge.Sync.Inference.Wasm;

/// <summary>Moves an engine's epoch on every millisecond while modules are called, and sleeps without any timer while none is.</summary>
/// <remarks>
/// A thread of its own, not a timer of the pool: calls that never end may occupy every thread of the pool, and they are what this must stop. It goes by real time, not by an injected clock,
/// since it guards the processor itself.
/// </remarks>
#pragma warning disable CA1001 // Lives as long as the process, as its engine does.
internal sealed class EpochClock
#pragma warning restore CA1001
{
    private const int TickMs = 1;
    private const int IdleTicks = 250;

    private readonly Action _tick;
    private readonly AutoResetEvent _wake = new(initialState: false);
    private long _calls;
    private int _running;
    private int _isAsleep;

    public EpochClock(Action tick)
    {
        _tick = tick;
        new Thread(Run) { IsBackground = true, Name = "Edge.Sync Wasm epochs", Priority = ThreadPriority.Highest }.Start();
    }

    /// <summary>How many epochs a call of that duration may see: its own, which has begun already, and one for each millisecond.</summary>
    public static ulong EpochsIn(TimeSpan duration) => (ulong)Math.Ceiling(duration.TotalMilliseconds / TickMs) + 1;

    /// <summary>Must precede every call that has a deadline; <see cref="End"/> follows it, however it ends.</summary>
    public void Begin()
    {
        Interlocked.Increment(ref _running);
        Interlocked.Increment(ref _calls);
        if (Volatile.Read(ref _isAsleep) != 0)
            _wake.Set();
    }

    public void End() => Interlocked.Decrement(ref _running);

    private void Run()
    {
        var (seen, idle) = (0L, 0);
        while (true)
        {
            _wake.WaitOne(TickMs);
            _tick();
            var calls = Interlocked.Read(ref _calls);
            // A call that never ends is why the clock runs: it must not fall asleep over it.
            (idle, seen) = (calls == seen && Volatile.Read(ref _running) == 0 ? idle + 1 : 0, calls);
            if (idle < IdleTicks)
                continue;
            // A call that begins now sees that the clock sleeps, or the clock sees the call: each writes before it reads.
            Interlocked.Exchange(ref _isAsleep, 1);
            if (Interlocked.Read(ref _calls) == seen)
                _wake.WaitOne();
            Interlocked.Exchange(ref _isAsleep, 0);
            idle = 0;
        }
    }
}
