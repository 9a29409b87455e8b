namespace Edge.Sync.Testing;

/// <summary>A clock that shows the world's time, and is wrong by a fixed amount.</summary>
internal sealed class VirtualClock(Pump pump, TimeSpan skew) : TimeProvider
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => s_start + pump.Now + skew;

    public override long GetTimestamp() => pump.Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(pump, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(Pump pump, TimerCallback callback, object? state) : ITimer
    {
        private int _version;
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed) return false;
            Plan(dueTime, period, ++_version);
            return true;
        }

        public void Dispose() => (_disposed, _version) = (true, _version + 1);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Plan(TimeSpan dueTime, TimeSpan period, int version)
        {
            if (dueTime == Timeout.InfiniteTimeSpan) return;
            pump.Plan(pump.Now + dueTime, () =>
            {
                if (version != _version) return;
                if (period > TimeSpan.Zero) Plan(period, period, version);
                callback(state);
            });
        }
    }
}
