using System.IO.Pipelines;
using Edge.Sync.Scheduling;

namespace Edge.Sync.Testing;

/// <summary>The world's one thread and its time: all work of all replicas is queued here, and time goes on when nothing is left to do at the present moment.</summary>
/// <remarks>
/// Invariants: work runs on the thread that called <see cref="Run"/>, in the order in which it was posted; what is due at one moment runs in the order in which it was planned.
/// There is no synchronization context, so that continuations run where what they await completes: here.
/// </remarks>
internal sealed class Pump : EdgeScheduler
{
    private const long StepsMax = 20_000_000;

    private readonly Queue<Action> _ready = [];
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _planned = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile string? _left;
    private long _order;

    /// <summary>Virtual time since the world began.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>How many pieces of work have run.</summary>
    public long Steps { get; private set; }

    /// <summary>Until when time may go by itself.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.MaxValue;

    /// <summary>For pipes between the world and its sessions.</summary>
    public PipeScheduler Pipes => field ??= new PumpPipes(this);

    public override void Post(Action work)
    {
        if (IsHere()) _ready.Enqueue(work);
    }

    /// <summary>Runs <paramref name="work"/> at a moment of virtual time.</summary>
    public void Plan(TimeSpan at, Action work)
    {
        if (IsHere()) _planned.Enqueue(work, (at < Now ? Now : at, _order++));
    }

    /// <summary>Completes after <paramref name="time"/>, once all that was ready before is done.</summary>
    public Task AdvanceAsync(TimeSpan time)
    {
        var completion = new TaskCompletionSource();
        Plan(Now + time, completion.SetResult);
        return completion.Task;
    }

    /// <summary>Works until <paramref name="task"/> is done.</summary>
    /// <exception cref="SimulationException">It never will be.</exception>
    public void Run(Task task)
    {
        while (!task.IsCompleted)
        {
            if (_left is { } left) throw new SimulationException(left);
            if (Steps++ > StepsMax) throw new SimulationException($"The world has done {StepsMax:N0} pieces of work and does not come to rest.");
            if (_ready.TryDequeue(out var work))
            {
                work();
                continue;
            }
            if (!_planned.TryDequeue(out work, out var due)) throw new SimulationException("The scenario waits, and nothing more happens in its world: it awaits something outside of it, or something that nobody completes.");
            if (due.At > Deadline) throw new SimulationException("The scenario has waited longer than SimulationOptions.Patience: for something that does not come, or for something outside of the world, such as a file, Task.Run, or a delay by the system's clock.");
            Now = due.At;
            work();
        }
    }

    /// <summary>False on any other thread: the scenario has left its world, and the order of what happens is no longer the seed's.</summary>
    public bool IsHere()
    {
        if (Environment.CurrentManagedThreadId == _thread) return true;
        _left ??= "Something of the world ran on another thread: the scenario awaited something outside of it (a file, Task.Run, a delay by the system's clock) and went on from there. Within a scenario, await the world and its databases only; delays take world.TimeProvider.";
        return false;
    }

    /// <exception cref="SimulationException">This is another thread.</exception>
    public void AssertHere()
    {
        if (!IsHere()) throw new SimulationException(_left!);
    }

    private sealed class PumpPipes(Pump pump) : PipeScheduler
    {
        public override void Schedule(Action<object?> action, object? state) => pump.Post(() => action(state));
    }
}
