using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Transports.Tests.Support;

/// <summary>Time that stands still until it is moved, and that tells which timers were set.</summary>
internal sealed class TestClock : FakeTimeProvider
{
    private readonly Signal _signal = new();
    private readonly List<TimeSpan> _timers = [];
    private bool _wasRead;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _signal.Change(() => _timers.Add(dueTime));
        return timer;
    }

    public override long GetTimestamp()
    {
        var timestamp = base.GetTimestamp();
        _signal.Change(() => _wasRead = true);
        return timestamp;
    }

    /// <summary>Waits until somebody has read the time.</summary>
    public Task TimestampReadAsync() => _signal.UntilAsync(() => _wasRead, static () => "Nobody read the time.");

    /// <summary>Waits until a timer of such a length has been set, after the first <paramref name="skip"/> timers of all; returns its length and place.</summary>
    public async Task<(TimeSpan DueTime, int Index)> TimerAsync(Predicate<TimeSpan> match, int skip = 0)
    {
        var index = -1;
        await _signal.UntilAsync(() => skip <= _timers.Count && (index = _timers.FindIndex(skip, match)) >= 0, () => $"Timers: {string.Join(", ", _timers)}");
        return (_timers[index], index);
    }

    /// <summary>The lengths of all timers set so far.</summary>
    public IReadOnlyList<TimeSpan> Timers
    {
        get
        {
            TimeSpan[] timers = [];
            _signal.Change(() => timers = [.. _timers]);
            return timers;
        }
    }

    /// <summary>Moves time on, step by step, as often as somebody sets a new timer, until the task is done.</summary>
    public async Task AdvanceUntilAsync(Task done, TimeSpan step)
    {
        while (!done.IsCompleted)
        {
            var count = Timers.Count;
            Advance(step);
            await Task.WhenAny(done, TimerAsync(static _ => true, count));
        }

        await done;
    }
}
