using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Transports.Tests.Support;

/// <summary>A timer that somebody set: a wait of its own, or the limit (a token's) of something else.</summary>
internal readonly record struct SetTimer(TimeSpan DueTime, bool IsLimit);

/// <summary>Time that stands still until it is moved, and that tells which timers were set.</summary>
internal sealed class TestClock : FakeTimeProvider
{
    private readonly Signal _signal = new();
    private readonly List<SetTimer> _timers = [];
    private bool _wasRead;

    /// <summary>All timers set so far.</summary>
    public IReadOnlyList<SetTimer> Timers
    {
        get
        {
            SetTimer[] timers = [];
            _signal.Change(() => timers = [.. _timers]);
            return timers;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _signal.Change(() => _timers.Add(new(dueTime, state is CancellationTokenSource)));
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

    /// <summary>Waits for a wait that begins after the first <paramref name="skip"/> timers of all; returns its length, and how many timers to skip for the next.</summary>
    public Task<(TimeSpan DueTime, int Skip)> WaitAsync(int skip = 0) => TimerAsync(static timer => !timer.IsLimit, skip);

    /// <summary>Waits for a limit of this length, after the first <paramref name="skip"/> timers of all.</summary>
    public Task<(TimeSpan DueTime, int Skip)> LimitAsync(TimeSpan dueTime, int skip = 0) => TimerAsync(timer => timer.IsLimit && timer.DueTime == dueTime, skip);

    /// <summary>Moves time on, step by step, as often as somebody begins a new wait, until the task is done.</summary>
    public async Task AdvanceUntilAsync(Task done, TimeSpan step)
    {
        while (!done.IsCompleted)
        {
            var count = Timers.Count;
            Advance(step);
            await Task.WhenAny(done, WaitAsync(count));
        }

        await done;
    }

    private async Task<(TimeSpan DueTime, int Skip)> TimerAsync(Predicate<SetTimer> match, int skip)
    {
        var index = -1;
        await _signal.UntilAsync(() => skip <= _timers.Count && (index = _timers.FindIndex(skip, match)) >= 0, () => $"Timers: {string.Join(", ", _timers)}");
        return (_timers[index].DueTime, index + 1);
    }
}
