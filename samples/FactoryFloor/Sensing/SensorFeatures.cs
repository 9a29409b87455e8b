namespace FactoryFloor.Sensing;

/// <summary>The row of numbers that a model sees of a window: each signal in a few steps, each step the mean of some readings.</summary>
/// <remarks>
/// A sensor that reads fast says little new in each reading. Means over <see cref="ReadingsPerStep"/> let a small row look far back.
/// </remarks>
internal sealed class SensorFeatures
{
    private readonly Func<Reading, float>[] _signals;

    private SensorFeatures(int steps, int readingsPerStep, params Func<Reading, float>[] signals)
    {
        Steps = steps;
        ReadingsPerStep = readingsPerStep;
        _signals = signals;
    }

    /// <summary>A press: 12 steps of temperature, then 12 of vibration; together half an hour, in which it goes through all its loads.</summary>
    public static SensorFeatures Press { get; } = new(12, readingsPerStep: 15, static r => r.Temperature, static r => r.Vibration);

    /// <summary>A recording of one sensor: 24 steps of it.</summary>
    public static SensorFeatures Recording(int readingsPerStep) => new(24, readingsPerStep, static r => r.Temperature);

    public int Steps { get; }

    public int ReadingsPerStep { get; }

    public int SignalCount => _signals.Length;

    /// <summary>How many readings a window has.</summary>
    public int WindowCount => Steps * ReadingsPerStep;

    /// <summary>How many numbers a row has.</summary>
    public int Count => Steps * _signals.Length;

    public void Extract(ReadOnlySpan<Reading> window, Span<float> features)
    {
        for (var signal = 0; signal < _signals.Length; signal++)
            for (var step = 0; step < Steps; step++)
                features[signal * Steps + step] = Mean(window.Slice(step * ReadingsPerStep, ReadingsPerStep), _signals[signal]);
    }

    private static float Mean(ReadOnlySpan<Reading> readings, Func<Reading, float> signal)
    {
        var sum = 0f;
        foreach (var reading in readings)
            sum += signal(reading);
        return sum / readings.Length;
    }
}
