using Edge.Sync.Inference.Drift;
using Edge.Sync.Inference.Tests.Models;
using Edge.Sync.Inference.Tests.Pipeline;

namespace Edge.Sync.Inference.Tests.Drift;

public class DriftTests
{
    private static readonly DriftOptions s_options = new() { QuietCount = 0 };

    [Fact]
    public void Quantiles_are_those_of_the_normal_distribution()
    {
        foreach (var (p, z) in new[] { (0.5, 0.0), (0.8413447, 1.0), (0.9772499, 2.0), (0.9986501, 3.0), (0.0227501, -2.0), (0.01, -2.3263479), (0.975, 1.9599640) })
            Assert.Equal(z, NormalScores.Quantile(p), 1e-5);
    }

    [Fact]
    public void Scores_of_any_distribution_become_normal()
    {
        var random = new Random(1);
        var scores = new NormalScores([.. Enumerable.Range(0, 5_000).Select(_ => Math.Exp(3 * random.NextDouble()))]);
        var mapped = Enumerable.Range(0, 20_000).Select(_ => scores.Of(Math.Exp(3 * random.NextDouble()))).ToList();
        Assert.Equal(0, mapped.Average(), 0.05);
        Assert.Equal(1, Math.Sqrt(mapped.Average(static v => v * v)), 0.05);
    }

    [Theory]
    [InlineData(0.0, false)]
    [InlineData(0.0, true)]
    [InlineData(0.5, true)]
    [InlineData(0.9, true)]
    public void False_alarms_are_as_rare_as_asked_for_whatever_the_series_remembers(double correlation, bool whiten)
    {
        // One in 100,000 is asked for, and two million are tried: 20 would be as asked; the reference is finite, so twice that is allowed.
        var alarms = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var series = new Series(seed, correlation);
            var monitor = new ScoreMonitor(s_options with { Whiten = whiten });
            for (var i = 0; i < 102_000; i++)
                alarms += monitor.Observe(series.Next()) is null ? 0 : 1;
        }
        Assert.True(alarms <= 40, $"{alarms} false alarms in 2,000,000 at a correlation of {correlation}");
    }

    [Fact]
    public void Series_that_remembers_drowns_in_false_alarms_without_whitening()
    {
        var (series, monitor, alarms) = (new Series(1, 0.9), new ScoreMonitor(s_options with { Whiten = false }), 0);
        for (var i = 0; i < 102_000; i++)
            alarms += monitor.Observe(series.Next()) is null ? 0 : 1;
        Assert.True(alarms > 200, $"only {alarms}: then whitening would not be needed");
    }

    [Theory]
    [InlineData(0.0, 50)]
    [InlineData(0.9, 2_000)]
    public void Shift_of_one_deviation_is_found(double correlation, int within)
    {
        var delays = new List<int>();
        for (var seed = 0; seed < 40; seed++)
        {
            var (series, monitor) = (new Series(seed, correlation), new ScoreMonitor(s_options));
            for (var i = 0; i < 2_500; i++)
                monitor.Observe(series.Next());
            var delay = 1;
            while (delay < 20_000 && monitor.Observe(series.Next() + 1) is null)
                delay++;
            delays.Add(delay);
        }
        var p95 = delays.Order().ElementAt((int)(0.95 * delays.Count));
        Assert.True(p95 <= within, $"95 % of the shifts were found within {p95}, the median within {delays.Order().ElementAt(delays.Count / 2)}");
    }

    [Fact]
    public void Score_that_never_varied_is_found_when_it_does()
    {
        var monitor = new ScoreMonitor(s_options with { ReferenceCount = 200 });
        for (var i = 0; i < 1_000; i++)
            Assert.Null(monitor.Observe(3));
        var delay = 0;
        while (monitor.Observe(4) is null)
            Assert.True(++delay < 20);
    }

    [Fact]
    public void Alarm_that_lasts_is_told_again_only_after_a_while()
    {
        var (series, monitor) = (new Series(2, 0), new ScoreMonitor(s_options with { QuietCount = 1_000 }));
        for (var i = 0; i < 2_000; i++)
            monitor.Observe(series.Next());
        var at = Enumerable.Range(0, 5_000).Where(_ => monitor.Observe(series.Next() + 2) is not null).ToList();
        Assert.InRange(at.Count, 4, 5);
        Assert.All(at.Zip(at.Skip(1)), static pair => Assert.True(pair.Second - pair.First > 1_000));
    }

    [Fact]
    public void Stability_index_is_that_of_its_definition_and_names_the_feature()
    {
        var random = new Random(4);
        float[] Rows(int count, float shift) => [.. Enumerable.Range(0, 2 * count).Select(i => (float)Series.Normal(random) + (i % 2 == 1 ? shift : 0))];
        var reference = ReferenceHistogram.Of(Rows(20_000, 0), 2);
        var monitor = new InputMonitor(new DriftOptions(), reference);
        (int Feature, double Index)? Feed(float[] rows)
        {
            (int, double)? last = null;
            for (var row = 0; row < rows.Length / 2; row++)
                last = monitor.Observe(rows.AsSpan(2 * row, 2)) ?? last;
            return last;
        }

        Assert.Null(Feed(Rows(10_000, 0)));
        var drifted = Feed(Rows(1_000, 1));
        Assert.Equal(1, drifted?.Feature);
        // For a normal distribution and a shift of 1 the integral is 1; ten bins see most of it.
        Assert.InRange(drifted!.Value.Index, 0.7, 1.2);
    }

    [Fact]
    public async Task Pipeline_tells_of_both_and_a_new_version_begins_anew()
    {
        var random = new Random(9);
        await using var ai = PipelineFixture.Create();
        ModelContent Version(int version) => ModelContent.FromBytes("m", TestModels.Zero(1, g =>
        {
            foreach (var (key, value) in ReferenceHistogram.Of([.. Enumerable.Range(0, 1_000).Select(_ => (float)Series.Normal(random))], 1).ToMetadata())
                g.Metadata(key, value);
        }), version);
        ai.Models.Serve(Version(1));
        await using var pipeline = await ai.From(PipelineFixture.Stream()).Sliding(static r => r.Press, static r => r.At, count: 1)
            .Features(1, PipelineFixture.Values)
            .Model("m")
            .Drift(new() { ReferenceCount = 500, InputCount = 500, QuietCount = 10_000 })
            .Above(float.MaxValue)
            .BuildAsync(TestContext.Current.CancellationToken);
        var second = 0;
        void Feed(int count, float shift)
        {
            for (var i = 0; i < count; i++)
                pipeline.TryInfer(Reading.Of("a", second++, (float)Series.Normal(random) + shift), out _);
        }

        Feed(2_000, 0);
        Assert.False(pipeline.TryTakeDrift(out _));
        Feed(1_000, 3);
        var kinds = new List<DriftKind>();
        while (pipeline.TryTakeDrift(out var alarm))
        {
            Assert.Equal(("m", 1L), (alarm.Model, alarm.Version));
            Assert.True(alarm.Statistic > alarm.Limit);
            kinds.Add(alarm.Kind);
        }
        Assert.Equal([DriftKind.Score, DriftKind.Input], kinds.Order());
        Assert.Equal(2, pipeline.Metrics.DriftAlarms);

        // The shifted scores are the usual ones of the next version.
        ai.Models.Serve(Version(2));
        Feed(400, 3);
        Assert.False(pipeline.TryTakeDrift(out _));
    }

    [Fact]
    public async Task Histogram_that_does_not_fit_refuses_the_model()
    {
        await using var ai = PipelineFixture.Create();
        var stage = ai.From(PipelineFixture.Stream()).Sliding(static r => r.Press, static r => r.At, count: 1)
            .Features(1, PipelineFixture.Values)
            .Model(TestModels.Zero(1, static g => g.Metadata(ModelMetadataKeys.HistogramEdges, [1f, 2f])), "m")
            .Drift(new())
            .Above(0);
        Assert.Contains("histogram", (await Assert.ThrowsAsync<EdgeModelException>(() => stage.BuildAsync(TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
    }

    /// <summary>A normal series in which each value remembers a share of the one before; mean 0, deviation 1.</summary>
    private sealed class Series(int seed, double correlation)
    {
        private readonly Random _random = new(seed);
        private double _last;

        public float Next() => (float)(_last = correlation * _last + Math.Sqrt(1 - correlation * correlation) * Normal(_random));

        public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
