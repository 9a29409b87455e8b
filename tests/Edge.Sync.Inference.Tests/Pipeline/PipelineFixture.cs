using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Edge.Sync.Inference.Tests.Models;

namespace Edge.Sync.Inference.Tests.Pipeline;

/// <summary>Pipelines whose score is the root mean square of a window's values, and sinks to save to, without a database.</summary>
internal static class PipelineFixture
{
    public static EdgeInference Create(Action<EdgeInferenceOptions>? configure = null)
    {
        var options = new EdgeInferenceOptions();
        configure?.Invoke(options);
        return new(options);
    }

    public static ModelStage<Reading, string> Scored(this EdgeInference ai, IAsyncEnumerable<Reading> readings, int count, TimeSpan lateness = default) => ai
        .From(readings)
        .Sliding(key: static r => r.Press, at: static r => r.At, count, lateness)
        .Features(count, Values)
        .Model(TestModels.Zero(count), "zero");

    public static DecisionStage<Reading, string, Alarm> Above(this ModelStage<Reading, string> stage, float threshold) =>
        stage.Decide((in Inference<Reading, string> r) => r.Score > threshold ? new Alarm(r.Key, r.Last.At, r.Score) : null);

    public static void Values(ReadOnlySpan<Reading> window, Span<float> features)
    {
        for (var i = 0; i < window.Length; i++)
            features[i] = window[i].Value;
    }

    public static async IAsyncEnumerable<Reading> Stream(params IEnumerable<Reading> readings)
    {
        foreach (var reading in readings)
        {
            await Task.Yield();
            yield return reading;
        }
    }

    /// <summary>A stream that ends only when it is cancelled.</summary>
    public static async IAsyncEnumerable<Reading> Endless(TaskCompletionSource started, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        started.SetResult();
        await Channel.CreateUnbounded<Reading>().Reader.WaitToReadAsync(cancellationToken);
        yield break;
    }
}

/// <summary>Remembers what was saved; throws as often as it is told to.</summary>
internal sealed class MemorySink(int failures = 0) : IDecisionSink<Alarm>
{
    private int _failures = failures;

    public List<Alarm> Saved { get; } = [];

    public List<Provenance> Provenances { get; } = [];

    public bool KeepsProvenance => true;

    public ValueTask SaveAsync(Decided<Alarm> decided, CancellationToken cancellationToken)
    {
        if (_failures-- > 0)
            throw new IOException("no room");
        Saved.Add(decided.Decision);
        Provenances.Add(decided.Provenance!);
        return default;
    }
}
