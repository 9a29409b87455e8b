namespace Edge.Sync.Inference.Tests.Pipeline;

public sealed class SaveToTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-inference-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Decisions_become_documents_that_outlive_the_process()
    {
        var path = Path.Combine(_folder, "press.db");
        var cancellation = TestContext.Current.CancellationToken;
        await using (var db = await EdgeDatabase.OpenAsync(path, cancellation))
        await using (var ai = EdgeInference.Create(db))
        await using (var health = await ai.From(PipelineFixture.Stream(Enumerable.Range(0, 10).Select(static i => Reading.Of("press-3", i, i))))
            .Sliding(key: static r => r.Press, at: static r => r.At, count: 2, allowedLateness: TimeSpan.FromSeconds(1))
            .Features(2, PipelineFixture.Values)
            .Model(Models.TestModels.Zero(2), "zero")
            .Decide(static (in Inference<Reading, string> r) => r.Score > 6 ? new Alarm(r.Key, r.Last.At, r.Score) : null)
            .SaveTo(db.Documents<PressAlarm>(), static a => DocumentId.Named($"{a.Press}/{a.At:O}"), static (doc, a) => (doc.Press, doc.Score) = (a.Press, a.Score))
            .BuildAsync(cancellation))
        {
            await health.RunAsync(cancellation);
        }

        await using var again = await EdgeDatabase.OpenAsync(path, cancellation);
        var alarms = await again.Documents<PressAlarm>().OrderBy(a => a.Score).ToListAsync(cancellation);
        // Windows (6,7), (7,8), (8,9): the root mean squares above 6.
        Assert.Equal([6.519f, 7.517f, 8.515f], alarms.Select(a => MathF.Round(a.Score, 3)));
        Assert.All(alarms, static a => Assert.Equal("press-3", a.Press));
    }

    [Fact]
    public async Task Decision_says_which_model_made_it_of_which_input_and_versions_are_never_mixed()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var db = await EdgeDatabase.OpenAsync(Path.Combine(_folder, "press.db"), cancellation);
        await using var ai = EdgeInference.Create(db);
        ModelContent[] versions = [Models.TestModels.Answering(7, version: 7, "m"), Models.TestModels.Answering(8, version: 8, "m")];
        // The same readings, by one version and then by the next: one document, and a result of each.
        foreach (var version in versions)
        {
            ai.Models.Serve(version);
            for (var again = 0; again < 2; again++)
            {
                await using var health = await ai.From(PipelineFixture.Stream(Reading.Of("press-3", 1, 0.5f)))
                    .Sliding(static r => r.Press, static r => r.At, count: 1)
                    .Features(1, PipelineFixture.Values)
                    .Normalize(1, 2)
                    .Model("m", ModelScore.FirstOutput)
                    .Above(0)
                    .SaveTo(db.Documents<PressAlarm>(), static a => DocumentId.Named(a.Press), static (doc, a) => (doc.Press, doc.Score) = (a.Press, a.Score))
                    .BuildAsync(cancellation);
                await health.RunAsync(cancellation);
            }
        }

        var subject = DocumentId.Named("press-3");
        var results = await ai.Results.OfAsync(subject, cancellation);
        Assert.Equal([7, 8], results.Select(static r => r.Provenance.Version).Order());
        Assert.All(results, r => Assert.Equal((subject, "m", "function", InputVersion.Of([0.5f])), (r.Subject, r.Provenance.Model, r.Provenance.Place, r.Provenance.InputVersion)));
        var seven = Assert.Single(await ai.Results.OfAsync(subject, versions[0].Hash, cancellation));
        Assert.Equal((7f, versions[0].Hash), (seven.Score, seven.Provenance.ModelHash));
        Assert.Equal(seven, Assert.Single(await ai.Results.OfModelAsync(versions[0].Hash, cancellation)));
        Assert.True(await ai.Results.ContainsAsync(subject, versions[0].Hash, InputVersion.Of([0.5f]), cancellation));
        Assert.False(await ai.Results.ContainsAsync(subject, versions[0].Hash, InputVersion.Of([0.25f]), cancellation));

        Assert.Equal(1, await ai.Results.DropAsync(versions[0].Hash, cancellation));
        Assert.Equal(8, Assert.Single(await ai.Results.OfAsync(subject, cancellation)).Provenance.Version);
        Assert.NotNull(await db.Documents<PressAlarm>().FindAsync(subject, cancellation));
    }

    [Fact]
    public async Task Drift_is_written_for_every_replica_to_read()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var db = await EdgeDatabase.OpenAsync(Path.Combine(_folder, "press.db"), cancellation);
        await using var ai = EdgeInference.Create(db);
        var heard = new List<DriftAlarm>();
        await using var health = await ai.From(PipelineFixture.Stream(Enumerable.Range(0, 400).Select(static i => Reading.Of("press-3", i, i < 300 ? i % 7 : 50 + i % 7))))
            .Sliding(static r => r.Press, static r => r.At, count: 1)
            .Features(1, PipelineFixture.Values)
            .Model(Models.TestModels.Zero(1), "m")
            .Drift(new() { ReferenceCount = 200, OnAlarm = heard.Add })
            .Above(1_000)
            .BuildAsync(cancellation);
        await health.RunAsync(cancellation);

        var alarm = Assert.Single(heard);
        Assert.InRange(alarm.Inference, 301, 320);
        var kept = Assert.Single(await ai.ListDriftAsync("m", cancellation));
        Assert.Equal(alarm with { At = kept.At }, kept);
        Assert.Empty(await ai.ListDriftAsync("other", cancellation));

        // In the log it is an event as any other; what is no alarm is nobody's.
        var events = db.Events<ModelDrifted>();
        await events.AppendAsync(DocumentId.Named("odd"), ModelDrifted.Of(kept) with { ModelHash = "no hash" }, cancellation);
        await events.AppendAsync(DocumentId.Named("odd"), ModelDrifted.Of(kept) with { Kind = (DriftKind)9 }, cancellation);
        Assert.Equal(kept, Assert.Single(await ai.ListDriftAsync("m", cancellation)));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var told = new List<ModelDrifted?>();
        await foreach (var item in events.SubscribeAsync("trainer", cancellationToken: stop.Token))
        {
            told.Add(item.Event);
            if (told.Count == 3) break;
        }
        Assert.Equal(kept, told[0]!.ToAlarm());
    }

    [Fact]
    public async Task Decisions_become_events_that_say_which_model_made_them()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var db = await EdgeDatabase.OpenAsync(Path.Combine(_folder, "press.db"), cancellation);
        await using var ai = EdgeInference.Create(db);
        await using var health = await ai.From(PipelineFixture.Stream(Enumerable.Range(0, 10).Select(static i => Reading.Of("press-3", i, i))))
            .Sliding(static r => r.Press, static r => r.At, count: 2)
            .Features(2, PipelineFixture.Values)
            .Model(Models.TestModels.Zero(2), "zero")
            .Decide(static (in Inference<Reading, string> r) => r.Score > 6 ? new Alarm(r.Key, r.Last.At, r.Score) : null)
            .AppendTo(db.Events<PressAlarmed>(), static a => DocumentId.Named(a.Press), static a => new(a.At, a.Score))
            .BuildAsync(cancellation);
        await health.RunAsync(cancellation);
        var stream = DocumentId.Named("press-3");
        var events = await db.Events<PressAlarmed>().ReadAsync(stream, cancellation);
        Assert.Equal([6.519f, 7.517f, 8.515f], events.Select(static e => MathF.Round(e.Event!.Score, 3)));
        Assert.Equal(3, (await ai.Results.OfAsync(stream, health.Model.Current!.Hash, cancellation)).Count);
        // The event and what it came from are one change.
        Assert.Equal(events.Select(static e => e.ChangeId).Distinct().Count(), events.Count);
        await using var alone = new EdgeInference(new());
        Assert.Throws<InvalidOperationException>(() => alone.Scored(PipelineFixture.Stream(), 2).Above(1).AppendTo(db.Events<PressAlarmed>(), static a => DocumentId.Named(a.Press), static a => new(a.At, a.Score)));
    }
}

[EdgeEvent("press-alarmed")]
public sealed partial record PressAlarmed(DateTimeOffset At, float Score);

[EdgeDocument("press-alarm")]
public partial class PressAlarm
{
    public partial string Press { get; set; }
    public partial float Score { get; set; }
}
