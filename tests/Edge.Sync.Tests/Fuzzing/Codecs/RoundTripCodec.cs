namespace Edge.Sync.Tests.Fuzzing.Codecs;

/// <summary>A decoder of which nothing else is asked than that what it takes is written as it was.</summary>
/// <param name="name">Its name in reports.</param>
/// <param name="seeds">Real encodings.</param>
/// <param name="read">Decodes.</param>
/// <param name="write">Encodes; null for bytes that nobody writes again.</param>
internal sealed class RoundTripCodec<T>(string name, Func<IEnumerable<byte[]>> seeds, Func<byte[], T> read, Func<T, byte[]>? write) : FuzzCodec<T>(name)
{
    protected override IEnumerable<byte[]> MakeSeeds() => seeds();

    protected override T Read(byte[] input) => read(input);

    protected override void Check(T value, byte[] input)
    {
        if (write is not null) AssertSame(input, write(value), "It");
    }
}
