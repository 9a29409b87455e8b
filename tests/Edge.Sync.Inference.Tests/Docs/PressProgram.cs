// As people write it.
#pragma warning disable CA2016, xUnit1051, CA1861
using Edge.Sync.Inference.Onnx;
using Edge.Sync.Inference.Tests.Models;

namespace Edge.Sync.Inference.Tests.Docs;

/// <summary>A whole program: from readings that stay to a decision, and a new version of the model that is rolled out and taken back. It is written as in a file of its own, and run.</summary>
[Collection(nameof(OwnFolder))]
public sealed partial class PressProgram(OwnFolder folder)
{
    [Fact]
    public async Task Readings_become_an_alarm_that_says_who_raised_it_and_a_version_comes_and_goes()
    {
        using var entered = folder.Enter();
        await File.WriteAllBytesAsync("press-ae-8.onnx", ModelOf(8));
        await using (var before = await EdgeDatabase.OpenAsync("press-3.db"))
        {
            await using var models = EdgeInference.Create(before);
            var v7 = await models.Models.PublishAsync("press-ae", new MemoryStream(ModelOf(7)), new(Version: 7, FeatureSet: "vibration-24"));
            await models.Models.RollOutAsync(v7, RolloutPlan.AtOnce);
        }
        await RunAsync();
    }

    private static async Task RunAsync()
    {
        using var stop = new CancellationTokenSource();
        await using var db = await EdgeDatabase.OpenAsync("press-3.db");
        await using var ai = EdgeInference.Create(db, o => o.UnloadAfter = TimeSpan.FromMinutes(5));
        await using var follower = await ai.Models.FollowAsync("press-ae");
        var readings = db.Series<Reading>();                                       // local only: raw data stays
        await using var health = await ai.From(readings)
            .Sliding(key: static r => r.Press, at: static r => r.At, count: 24, allowedLateness: TimeSpan.FromMinutes(1))
            .Features(24, static (window, features) => { for (var i = 0; i < window.Length; i++) features[i] = window[i].Vibration; })
            .Normalize()                                                           // the statistics travel in the signed manifest
            .Model("press-ae")                                                     // whichever version the rollout gives this device
            .Within(TimeSpan.FromMilliseconds(5), ShedPolicy.DropOldest)
            .Decide(static (in Inference<Reading, string> r) => r.Score > 3.2f ? new AlarmDraft(r.Key, r.Last.At, r.Score) : null)
            .SaveTo(db.Documents<Alarm>(), static a => a.Id, static (doc, a) => { doc.Press = a.Press; doc.Score = a.Score; })
            .BuildAsync();                                                         // verifies, loads, warms up; names what is wrong
        var running = health.RunAsync(stop.Token);                                 // every reading appended from now on; awaited at the end
        await AlarmedAsync(db, readings);
        await readings.AppendAsync(new Reading("press-3", DateTimeOffset.UnixEpoch, 0.4f, 61f));
        if (health.TryInfer(new Reading("press-3", DateTimeOffset.UnixEpoch.AddMinutes(1), 9f, 80f), out var alarm))       // or by hand: synchronous, 0 bytes
            foreach (var by in await ai.Results.OfAsync(alarm.Id))                 // which model said so, on what input?
                Console.WriteLine($"{by.Provenance.Model}@{by.Provenance.Version} on {by.Provenance.Place}, input {by.Provenance.InputVersion}: {by.Score:F1}");
        // What is inferred by hand is the caller's, and not saved; of what the run has saved the same call tells.
        Assert.NotNull(alarm);
        Assert.Empty(await ai.Results.OfAsync(alarm.Id));
        var raised = (await db.Documents<Alarm>().FirstOrDefaultAsync())!;
        var said = Assert.Single(await ai.Results.OfAsync(raised.Id));
        Assert.Equal(("press-ae", 7, raised.Score), (said.Provenance.Model, said.Provenance.Version, said.Score));

        await using var onnx = File.OpenRead("press-ae-8.onnx");
        var v8 = await ai.Models.PublishAsync("press-ae", onnx, new ModelManifest(Version: 8, FeatureSet: "vibration-24"));
        await ai.Models.RollOutAsync(v8, new RolloutPlan { ShadowSample = 0.02, CanaryPercent = [5, 25, 100], RollBackWhen = static g => g.ErrorRate > 0.01 });
        Assert.Equal(8, (await ai.Models.GetRolloutAsync("press-ae")).Candidate!.Version);
        await ai.Models.RollBackAsync("press-ae");                                 // the last good version is kept here: works offline
        Assert.Null((await ai.Models.GetRolloutAsync("press-ae")).Candidate);
        Assert.Equal(7, ai.Models["press-ae"].Current!.Version);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    /// <summary>A press that is well for half an hour and then is not, until the run has saved what it makes of that: on a busy machine it takes more than 5 ms at first, and sheds.</summary>
    private static async Task AlarmedAsync(EdgeDatabase db, TelemetrySeries<Reading> readings)
    {
        var began = DateTimeOffset.UnixEpoch.AddDays(-7);
        for (var minute = 0; !await db.Documents<Alarm>().AnyAsync(); minute++)
            await readings.AppendAsync(new Reading("press-3", began.AddMinutes(minute), minute < 28 ? 0.4f : 9f, 61f));
    }

    // Answers zeros, so that the error is the window's own size in standard deviations.
    private static byte[] ModelOf(long version)
    {
        var graph = new OnnxGraph("press-ae", version);
        graph.Output("y", graph.Mul(graph.Input("x", 24), new float[24]));
        graph.Metadata(ModelMetadataKeys.Mean, [.. Enumerable.Repeat(0.4f, 24)]);
        graph.Metadata(ModelMetadataKeys.Scale, [.. Enumerable.Repeat(0.1f, 24)]);
        return graph.ToArray();
    }

    [EdgeSeries("reading")] public readonly partial record struct Reading(string Press, DateTimeOffset At, float Vibration, float Temperature);
    [EdgeDocument("alarm")] public partial class Alarm { public partial string Press { get; set; } public partial float Score { get; set; } }
    public sealed record AlarmDraft(string Press, DateTimeOffset At, float Score) { public DocumentId Id => DocumentId.Named($"{Press}/{At:O}"); }
}
