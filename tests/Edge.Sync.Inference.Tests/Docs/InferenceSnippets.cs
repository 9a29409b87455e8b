// As people write it.
#pragma warning disable CA2016, xUnit1051, CA1861
using System.Globalization;
using Edge.Sync.Inference.Backends;
using Edge.Sync.Inference.Onnx;

namespace Edge.Sync.Inference.Tests.Docs;

/// <summary>The code of docs/inference.md. The page is one program in an empty folder, so it alone runs, in a folder of its own.</summary>
[Collection(nameof(OwnFolder))]
public sealed class InferenceSnippets(OwnFolder folder)
{
    [Fact]
    public async Task Page_takes_a_recording_to_a_model_that_is_monitored_and_replaced()
    {
        using var entered = folder.Enter();
        // snippet: csv-read
        if (!File.Exists("press.csv"))                                              // no recording at hand? Three days of a machine that is well
            File.WriteAllLines("press.csv", Enumerable.Range(0, 4_320).Select(static i =>
                string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.UnixEpoch.AddMinutes(i):O},{60 + Math.Sin(i / 60.0) + i % 7 * 0.1:F2}")));
        var readings = File.ReadLines("press.csv").Select(static line => line.Split(','))
            .Select(static p => new Reading("press-3", DateTimeOffset.Parse(p[0], CultureInfo.InvariantCulture), float.Parse(p[1], CultureInfo.InvariantCulture))).ToList();
        // end

        // snippet: csv-model
        const int Width = 24;
        var mean = readings.Average(static r => r.Temperature);
        var scale = MathF.Sqrt(readings.Average(r => (r.Temperature - mean) * (r.Temperature - mean)));
        File.WriteAllBytes("press-1.onnx", ModelOf(version: 1));

        byte[] ModelOf(long version)
        {
            var graph = new OnnxGraph("press", version);
            graph.Output("y", graph.Mul(graph.Input("x", Width), new float[Width]));
            graph.Metadata(ModelMetadataKeys.Mean, [mean]);                         // the statistics travel in the model
            graph.Metadata(ModelMetadataKeys.Scale, [scale]);
            return graph.ToArray();
        }
        // end

        // snippet: csv-sensor
        var last = readings[^1];                                                    // yours comes here; this one is well, and then gets hot
        var hot = Enumerable.Range(1, 30).Select(i => last with { At = last.At.AddMinutes(i), Temperature = last.Temperature + i });
        var sensor = readings.TakeLast(1_000).Concat(hot).ToAsyncEnumerable();
        // end

        // snippet: csv-pipeline
        await using var db = await EdgeDatabase.OpenAsync("press-3.db");
        await using var ai = EdgeInference.Create(db, o => o.UnloadAfter = TimeSpan.FromMinutes(5));
        ai.Models.Serve(ModelContent.FromFile("press-1.onnx", "press"));
        await using var health = await ai.From(sensor)                              // IAsyncEnumerable, ChannelReader, documents, or a series
            .Sliding(key: static r => r.Press, at: static r => r.At, count: Width, allowedLateness: TimeSpan.FromMinutes(1))
            .Values(Width, static r => r.Temperature)
            .Normalize()
            .Model("press")                                                         // whichever version serves
            .Drift(new DriftOptions { ReferenceCount = 500 })
            .Decide(static (in Inference<Reading, string> r) => r.Score > 3 ? new Found(r.Key, r.Last.At, r.Score) : null)
            .SaveTo(db.Documents<Alarm>(), static f => DocumentId.Named($"{f.Press}/{f.At:O}"), static (doc, f) => (doc.Press, doc.At, doc.Score) = (f.Press, f.At, f.Score))
            .BuildAsync();                                                          // loads, checks, warms up; names what is wrong
        await health.RunAsync();                                                    // until the source ends
        // end

        // snippet: csv-watch
        var alarms = await db.Documents<Alarm>().OrderBy(a => a.At).ToListAsync();
        Console.WriteLine($"{health.Metrics.Readings} readings, {alarms.Count} alarms, the first at {alarms[0].At:t}");
        foreach (var said in await ai.Results.OfAsync(alarms[0].Id))                // which model said this, on which input?
            Console.WriteLine($"{said.Provenance.Model}@{said.Provenance.Version} on {said.Provenance.Place}, input {said.Provenance.InputVersion}: {said.Score:F1}");
        foreach (var drift in await ai.ListDriftAsync("press"))
            Console.WriteLine($"drift of the {drift.Kind} at {drift.At:g}: {drift.Statistic:F1} above {drift.Limit:F1}");
        foreach (var reason in ai.GetHealth().Reasons)
            Console.WriteLine(reason);
        // end
        Assert.InRange(alarms.Count, 15, 30);
        Assert.Single(await ai.Results.OfAsync(alarms[0].Id));
        Assert.NotEmpty(await ai.ListDriftAsync("press"));
        Assert.Equal(1_030, health.Metrics.Readings);

        // snippet: csv-next
        File.WriteAllBytes("press-2.onnx", ModelOf(version: 2));
        await using var file = File.OpenRead("press-2.onnx");
        var next = await ai.Models.PublishAsync("press", file, new ModelManifest(Version: 2));   // signed, into the database
        await ai.Models.RollOutAsync(next, RolloutPlan.AtOnce);                     // or in stages, with a rollback by itself: docs/models.md
        await using var follower = await ai.Models.FollowAsync("press");            // on every device: serve whatever is its turn
        Console.WriteLine($"now version {ai.Models["press"].Current!.Version} serves");
        // end
        Assert.Equal(2, ai.Models["press"].Current!.Version);
    }

    [Fact]
    public async Task Placed_request_runs_over_there()
    {
        await using var peers = await Remote.Peers.OpenAsync();
        await peers.ConnectAsync();
        peers.UpstreamAi.Models.Serve(ModelContent.FromFunction("press-large", 24, 1, static (row, output) => output[0] = row[0], version: 1));
        var (device, row, output) = (new Nowhere(), new float[24], new float[1]);
        var ai = peers.UpstreamAi;
        // snippet: remote-worker
        await using var worker = ai.StartWorker("upstream", "press-large", inputWidth: 24);      // over there
        // end
        ai = peers.DeviceAi;
        // snippet: remote-place
        var upstream = ai.CreateRemotePlace("upstream", "press-large");                          // here
        var model = new PlacedModel(new PlacementPolicy(), device, upstream: upstream);          // device: your IInferencePlace
        var request = new PlacementRequest(Megabytes: 0.0001, Gigaflops: 0.1, PrivacyZone.Anywhere, Deadline: TimeSpan.FromMinutes(1));
        var (ranAt, decision) = await model.RunAsync(request, row, output);
        Console.WriteLine($"{ranAt}, since {decision.Explain()}; answered by {upstream.LastAnswer?.Replica}");
        // end
        Assert.Equal(ExecutionPlace.Upstream, ranAt);
    }

    [Fact]
    public async Task Decisions_and_drift_are_events()
    {
        using var entered = folder.Enter();
        await using var db = await EdgeDatabase.OpenAsync("events.db");
        await using var ai = EdgeInference.Create(db);
        var stage = ai.From(new[] { new Reading("press-3", DateTimeOffset.UnixEpoch, 90) }.ToAsyncEnumerable())
            .Sliding(static r => r.Press, static r => r.At, count: 1)
            .Values(1, static r => r.Temperature)
            .Model(Models.TestModels.Zero(1), "press")
            .Decide(static (in Inference<Reading, string> r) => r.Score > 3 ? new Found(r.Key, r.Last.At, r.Score) : null);
        // snippet: decision-event
        await using var health = await stage
            .AppendTo(db.Events<PressEvent>(), static f => DocumentId.Named(f.Press), static f => new PressEvent(f.At, f.Score))
            .BuildAsync();
        // end
        await health.RunAsync();
        Assert.Equal(90, Assert.Single(await db.Events<PressEvent>().ReadAsync(DocumentId.Named("press-3"))).Event!.Score);
        var heard = new List<string>();
        using var stop = new CancellationTokenSource();
        void Retrain(ModelDrifted alarm)
        {
            heard.Add($"{alarm.Model}@{alarm.Version}");
            stop.Cancel();
        }

        await db.Events<ModelDrifted>().AppendAsync(DocumentId.Named("m"), new("press", 1, new('0', 64), DriftKind.Score, null, 9, 8, 501, DateTimeOffset.UnixEpoch));
        // snippet: drift-event
        async Task RetrainAsync(CancellationToken cancellationToken)
        {
            await foreach (var drifted in db.Events<ModelDrifted>().SubscribeAsync("trainer", cancellationToken: cancellationToken))
                if (drifted.Event is { Model: "press" } alarm) Retrain(alarm);                   // of this replica and of others, each at least once
        }
        // end
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RetrainAsync(stop.Token));
        Assert.Equal(["press@1"], heard);
    }

    private sealed class Nowhere : IInferencePlace
    {
        public PlaceConditions Conditions => new(IsAlive: true, IsCapable: true, default, 0, 0, default, Price: 1e9);

        public ValueTask RunAsync(ReadOnlyMemory<float> input, Memory<float> output, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}

// snippet: csv-types
internal readonly record struct Reading(string Press, DateTimeOffset At, float Temperature);

internal sealed record Found(string Press, DateTimeOffset At, float Score);

[EdgeDocument("alarm")]
internal sealed partial class Alarm
{
    public partial string Press { get; set; }
    public partial DateTimeOffset At { get; set; }
    public partial float Score { get; set; }
}
// end

// snippet: decision-event-type
[EdgeEvent("press-event")]
public sealed partial record PressEvent(DateTimeOffset At, float Score);
// end
