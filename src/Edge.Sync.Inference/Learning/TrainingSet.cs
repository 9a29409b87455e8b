using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Edge.Sync.Inference;

/// <summary>Rows to learn from, and what is to be answered to each.</summary>
public sealed class TrainingSet
{
    private readonly List<float> _inputs = [];
    private readonly List<float> _targets = [];

    /// <summary>An empty set.</summary>
    /// <param name="inputWidth">Values in a row.</param>
    /// <param name="targetWidth">Values in an answer.</param>
    public TrainingSet(int inputWidth, int targetWidth)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(targetWidth);
        (InputWidth, TargetWidth) = (inputWidth, targetWidth);
    }

    /// <summary>Values in a row.</summary>
    public int InputWidth { get; }

    /// <summary>Values in an answer.</summary>
    public int TargetWidth { get; }

    /// <summary>How many rows.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a row.</summary>
    /// <exception cref="ArgumentException">A width is wrong, or a value is not finite: one such row would spoil every weight.</exception>
    public void Add(ReadOnlySpan<float> input, ReadOnlySpan<float> target)
    {
        if (input.Length != InputWidth || target.Length != TargetWidth)
            throw new ArgumentException($"A row has {InputWidth} values and {TargetWidth} targets, not {input.Length} and {target.Length}.", nameof(input));
        foreach (var value in input)
            ThrowIfNotFinite(value, nameof(input));
        foreach (var value in target)
            ThrowIfNotFinite(value, nameof(target));
        _inputs.AddRange(input);
        _targets.AddRange(target);
        Count++;
    }

    /// <summary>Adds a row that is to be rebuilt: for autoencoders.</summary>
    public void Add(ReadOnlySpan<float> input) => Add(input, input);

    /// <summary>A row.</summary>
    public ReadOnlySpan<float> InputOf(int row) => CollectionsMarshal.AsSpan(_inputs).Slice(row * InputWidth, InputWidth);

    /// <summary>The answer to a row.</summary>
    public ReadOnlySpan<float> TargetOf(int row) => CollectionsMarshal.AsSpan(_targets).Slice(row * TargetWidth, TargetWidth);

    /// <summary>What tells this set from others.</summary>
    internal byte[] ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_inputs)));
        hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_targets)));
        return hash.GetHashAndReset();
    }

    private static void ThrowIfNotFinite(float value, string name)
    {
        if (!float.IsFinite(value))
            throw new ArgumentException($"A value to learn from is {value}.", name);
    }
}
