namespace Edge.Sync.Inference.Features;

/// <summary>The magnitudes of a row's frequencies: half a spectrum, from 0 to half the sampling rate.</summary>
/// <remarks>
/// The row is freed of its mean (which would leak into the lowest bins), weighted by a Hann window, filled up with zeros to a power of two, and transformed.
/// Magnitudes are scaled so that a sine of amplitude 1 in the middle of a bin gives 1.
/// </remarks>
internal sealed class SpectrumStage(int width) : ITensorStage
{
    private readonly FourierTransform _transform = new(FourierTransform.SizeFor(width));
    private readonly float[] _window = Hann(width);
    private readonly float[] _real = new float[FourierTransform.SizeFor(width)];
    private readonly float[] _imaginary = new float[FourierTransform.SizeFor(width)];

    public string Name => "spectrum";

    public int OutputWidth(int inputWidth) => inputWidth == width
        ? _transform.Size / 2 + 1
        : throw new ArgumentException($"it was made for {width} features", nameof(inputWidth));

    public bool Process(ReadOnlySpan<float> input, Span<float> output)
    {
        var mean = System.Numerics.Tensors.TensorPrimitives.Sum(input) / width;
        var real = _real.AsSpan(0, width);
        System.Numerics.Tensors.TensorPrimitives.Subtract(input, mean, real);
        System.Numerics.Tensors.TensorPrimitives.Multiply(real, _window, real);
        _real.AsSpan(width).Clear();
        _imaginary.AsSpan().Clear();
        _transform.Forward(_real, _imaginary);
        for (var bin = 0; bin < output.Length; bin++)
            output[bin] = MathF.Sqrt(_real[bin] * _real[bin] + _imaginary[bin] * _imaginary[bin]);
        return true;
    }

    public void Dispose()
    {
    }

    // Its sum is 1 over both halves of the spectrum, hence the 2.
    private static float[] Hann(int width)
    {
        var window = new float[width];
        var sum = 0d;
        for (var i = 0; i < width; i++)
            sum += window[i] = width == 1 ? 1 : (float)(0.5 - 0.5 * Math.Cos(2 * Math.PI * i / width));
        for (var i = 0; i < width; i++)
            window[i] = (float)(2 * window[i] / sum);
        return window;
    }
}
