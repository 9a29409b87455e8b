using System.Threading.Channels;
using Edge.Sync;
using Edge.Sync.Inference;
using FactoryFloor.Detection;
using FactoryFloor.Sensing;

namespace FactoryFloor.Floor;

/// <summary>A press: it reads its sensors, judges them by itself, and tells others only what it found.</summary>
internal sealed class Press : IAsyncDisposable
{
    /// <summary>What the model of all presses is called.</summary>
    public const string ModelName = "press";

    private static readonly TimeSpan s_report = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(20);

    private readonly IReadOnlyList<Reading> _readings;
    private readonly Channel<Reading> _sensor = Channel.CreateBounded<Reading>(1_000);
    private readonly EdgeInference _ai;
    private readonly WorkOrderDesk _desk;
    private InferencePipeline<Reading, AlarmDraft>? _health;
    private RolloutFollower? _follower;
    private Task? _running;
    private int _played;
    private int _byHand;

    private Press(Node node, IReadOnlyList<Reading> readings)
    {
        Node = node;
        _readings = readings;
        _ai = EdgeInference.Create(node.Database, options => (options.Ring, options.ReportEvery) = (node.Name, s_report));
        _desk = new(node);
    }

    public Node Node { get; }

    public InferenceMetrics Metrics => _health!.Metrics;

    /// <summary>The version of the model that judges now.</summary>
    public long? ServedVersion => _ai.Models[ModelName].Current?.Version;

    /// <summary>The version that is computed beside it, without a say; null where none is.</summary>
    public long? ShadowVersion => _follower?.Status?.ShadowHere?.Version;

    public DecisionLatency Latency { get; } = new();

    public ScoreTrace Trace { get; } = new();

    /// <summary>Changes that this press wrote, and that therefore travel: alarms raised and cleared, work orders opened and worked on.</summary>
    public long Insights => Metrics.Decisions + _desk.Opened + _byHand;

    public static async Task<Press> StartAsync(Node node, IPlant plant, IReadOnlyList<Reading> readings)
    {
        var press = new Press(node, readings);
        press._health = await HealthPipeline.Of(press._ai, press._sensor.Reader.ReadAllAsync(), plant.Features, plant.Model, press.Latency, press.Trace)
            .SaveTo(node.Alarms, static alarm => alarm.Id, Alarm.Write)
            .BuildAsync();
        press._follower = await press._ai.Models.FollowAsync(ModelName);
        press._running = press.RunAsync();
        return press;
    }

    /// <summary>Plays the readings up to a share of all, evenly over some time.</summary>
    public async Task PlayAsync(double upTo, TimeSpan duration, CancellationToken cancellationToken)
    {
        var (from, to) = (_played, (int)(_readings.Count * upTo));
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(s_tick);
        while (_played < to)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            var share = Math.Min(1, TimeProvider.System.GetElapsedTime(started) / duration);
            for (var due = from + (int)((to - from) * share); _played < due; _played++)
                await _sensor.Writer.WriteAsync(_readings[_played] with { TakenAt = TimeProvider.System.GetTimestamp() }, cancellationToken);
        }
    }

    /// <summary>Someone at the press works on the order that the gateway has planned.</summary>
    public async Task WorkOnInspectionAsync()
    {
        await Inspection.WorkAtPressAsync(Node);
        _byHand++;
    }

    /// <summary>Waits until every reading is judged and every insight is written.</summary>
    public async Task FinishAsync()
    {
        _sensor.Writer.Complete();
        await _running!;
        await _desk.CloseAsync();
        await _follower!.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        if (_follower is not null)
            await _follower.DisposeAsync();
        await _ai.DisposeAsync();
    }

    private async Task RunAsync()
    {
        try
        {
            await _health!.RunAsync();
        }
        catch (Exception e)
        {
            // Nobody reads any more: whoever plays readings must hear of it rather than wait.
            _sensor.Writer.TryComplete(e);
            throw;
        }
    }
}
