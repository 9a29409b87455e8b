using System.Numerics;

namespace Edge.Sync.Inference.Features;

/// <summary>The fast Fourier transform of Cooley and Tukey (1965), radix 2, in place; factors are computed once.</summary>
internal sealed class FourierTransform
{
    private readonly float[] _cosines;
    private readonly float[] _sines;
    private readonly int[] _reversed;

    public FourierTransform(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(size, SizeFor(size));
        Size = size;
        (_cosines, _sines, _reversed) = (new float[size / 2], new float[size / 2], new int[size]);
        for (var i = 0; i < size / 2; i++)
            (_cosines[i], _sines[i]) = ((float)Math.Cos(2 * Math.PI * i / size), (float)-Math.Sin(2 * Math.PI * i / size));
        for (var i = 1; i < size; i++)
            _reversed[i] = _reversed[i >> 1] >> 1 | (i & 1) * (size >> 1);
    }

    public int Size { get; }

    /// <summary>The least power of two that holds <paramref name="width"/> values.</summary>
    public static int SizeFor(int width) => (int)BitOperations.RoundUpToPowerOf2((uint)width);

    public void Forward(Span<float> real, Span<float> imaginary)
    {
        for (var i = 0; i < Size; i++)
        {
            var j = _reversed[i];
            if (i < j)
                (real[i], real[j], imaginary[i], imaginary[j]) = (real[j], real[i], imaginary[j], imaginary[i]);
        }
        for (var half = 1; half < Size; half *= 2)
        {
            var stride = Size / (2 * half);
            for (var start = 0; start < Size; start += 2 * half)
                for (var k = 0; k < half; k++)
                {
                    var (cosine, sine) = (_cosines[k * stride], _sines[k * stride]);
                    var (a, b) = (start + k, start + k + half);
                    var (re, im) = (real[b] * cosine - imaginary[b] * sine, real[b] * sine + imaginary[b] * cosine);
                    (real[b], imaginary[b]) = (real[a] - re, imaginary[a] - im);
                    (real[a], imaginary[a]) = (real[a] + re, imaginary[a] + im);
                }
        }
    }
}
