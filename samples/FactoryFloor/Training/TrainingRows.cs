using System.Runtime.InteropServices;
using FactoryFloor.Sensing;

namespace FactoryFloor.Training;

/// <summary>The rows that a model learns from, normalised: every signal has mean 0 and deviation 1.</summary>
internal sealed class TrainingRows
{
    private TrainingRows(IReadOnlyList<float[]> rows, float[] mean, float[] scale) => (Rows, Mean, Scale) = (rows, mean, scale);

    public IReadOnlyList<float[]> Rows { get; }

    public float[] Mean { get; }

    public float[] Scale { get; }

    /// <summary>One row for each full window of the readings.</summary>
    public static TrainingRows Of(List<Reading> readings, SensorFeatures features)
    {
        var span = CollectionsMarshal.AsSpan(readings);
        var rows = new List<float[]>();
        for (var end = features.WindowCount; end <= span.Length; end++)
        {
            var row = new float[features.Count];
            features.Extract(span[(end - features.WindowCount)..end], row);
            rows.Add(row);
        }
        var (mean, scale) = (new float[features.Count], new float[features.Count]);
        for (var signal = 0; signal < features.SignalCount; signal++)
        {
            // All steps of a signal share its statistics, so that the shape of a window survives.
            var steps = (signal * features.Steps)..((signal + 1) * features.Steps);
            var (signalMean, signalScale) = Statistics(rows, steps);
            mean.AsSpan(steps).Fill(signalMean);
            scale.AsSpan(steps).Fill(signalScale);
        }
        foreach (var row in rows)
            for (var i = 0; i < row.Length; i++)
                row[i] = (row[i] - mean[i]) / scale[i];
        return new(rows, mean, scale);
    }

    private static (float Mean, float Scale) Statistics(List<float[]> rows, Range steps)
    {
        double sum = 0, squares = 0;
        var count = 0L;
        foreach (var row in rows)
            foreach (double value in row.AsSpan(steps))
            {
                sum += value;
                squares += value * value;
                count++;
            }
        var mean = sum / count;
        // A sensor that never moved has no scale of its own.
        var deviation = Math.Sqrt(Math.Max(0, squares / count - mean * mean));
        return ((float)mean, deviation > 1e-6 ? (float)deviation : 1);
    }
}
