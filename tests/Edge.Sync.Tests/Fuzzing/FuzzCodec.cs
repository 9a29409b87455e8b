namespace Edge.Sync.Tests.Fuzzing;

/// <summary>One decoder with real inputs to begin from, and what must hold of whatever it takes.</summary>
internal abstract class FuzzCodec(string name)
{
    private IReadOnlyList<byte[]>? _seeds;

    public string Name => name;

    /// <summary>Real encodings; the same in every run.</summary>
    public IReadOnlyList<byte[]> Seeds => _seeds ??= [.. MakeSeeds().DistinctBy(Convert.ToHexString)];

    /// <summary>How many bytes decoding allocates at most for each byte of input, besides <see cref="AllocatedBytesBase"/>.</summary>
    public virtual int AllocatedBytesPerByteMax => 128;

    public virtual int AllocatedBytesBase => 16 << 10;

    /// <summary>Decodes, and tells how many bytes that allocated.</summary>
    /// <returns>What must hold of the result, and throws where it does not; null where the input is refused.</returns>
    public abstract Action? Decode(byte[] input, out long allocatedBytes, out EdgeDataException? refusal);

    protected abstract IEnumerable<byte[]> MakeSeeds();

    public override string ToString() => name;
}

/// <summary>A decoder of one type.</summary>
internal abstract class FuzzCodec<T>(string name) : FuzzCodec(name)
{
    public sealed override Action? Decode(byte[] input, out long allocatedBytes, out EdgeDataException? refusal)
    {
        refusal = null;
        Action? check = null;
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var value = Read(input);
            check = () => Check(value, input);
        }
        catch (EdgeDataException e) { refusal = e; }
        allocatedBytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return check;
    }

    protected abstract T Read(byte[] input);

    protected abstract void Check(T value, byte[] input);

    /// <summary>One value has one byte string: what was read is written as it was.</summary>
    protected static void AssertSame(byte[] expected, ReadOnlySpan<byte> actual, string what)
    {
        if (!actual.SequenceEqual(expected)) throw new FuzzException($"{what}: {Convert.ToHexString(expected)} was expected, it is {Convert.ToHexString(actual)}.");
    }
}

/// <summary>A rule does not hold.</summary>
internal sealed class FuzzException(string message, Exception? innerException = null) : Exception(message, innerException);
