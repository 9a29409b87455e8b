using System.Diagnostics;
using System.Globalization;
using Edge.Sync.Tests.Fuzzing.Mutation;

namespace Edge.Sync.Tests.Fuzzing;

/// <summary>A bounded run of one codec, from one seed: every input is taken or refused by the one error there is for that, and nothing else happens.</summary>
/// <param name="Codec">Its name.</param>
/// <param name="Seed">Of the inputs.</param>
/// <param name="Inputs">How many there were.</param>
/// <param name="Accepted">How many of them were decoded, and sound.</param>
/// <param name="BytesPerByte">The most that decoding allocated for a byte of input, beyond the codec's base.</param>
/// <param name="Slow">How many took longer than <see cref="SlowMilliseconds"/>, for whatever reason: a hint, never a verdict.</param>
/// <param name="SlowestMilliseconds">The longest of all.</param>
internal sealed record FuzzRun(string Codec, int Seed, long Inputs, long Accepted, double BytesPerByte, long Slow, double SlowestMilliseconds)
{
    public const int SlowMilliseconds = 20;

    public long Refused => Inputs - Accepted;

    /// <exception cref="FuzzException">A rule does not hold; the message has the input, made as small as that was easy.</exception>
    public static FuzzRun Of(FuzzCodec codec, int seed, long inputs, Action<long>? progress = null)
    {
        var mutator = new Mutator(codec.Seeds);
        foreach (var real in codec.Seeds) TryReal(codec, real);
        var (accepted, slow, slowest, perByte) = (0L, 0L, 0L, 0.0);
        for (var i = 0L; i < inputs; i++)
        {
            var input = mutator.Next(new(((ulong)seed << 40) ^ (ulong)i));
            var start = Stopwatch.GetTimestamp();
            try
            {
                if (Try(codec, input, out var allocated)) accepted++;
                perByte = Math.Max(perByte, (double)(allocated - codec.AllocatedBytesBase) / Math.Max(1, input.Length));
            }
            catch (Exception e)
            {
                var small = Shrink(codec, input, e.GetType());
                throw new FuzzException($"{codec.Name}, seed {seed}, input {i.ToString(CultureInfo.InvariantCulture)}: {e.Message}\nsmallest: {Convert.ToHexString(small)}", e);
            }
            var took = Stopwatch.GetTimestamp() - start;
            slowest = Math.Max(slowest, took);
            if (took > SlowMilliseconds * Stopwatch.Frequency / 1000) slow++;
            if ((i + 1) % 50_000 == 0) progress?.Invoke(i + 1);
        }
        return new(codec.Name, seed, inputs, accepted, perByte, slow, slowest * 1000.0 / Stopwatch.Frequency);
    }

    /// <summary>Whether the input is taken; false where it is refused.</summary>
    /// <exception cref="Exception">A rule does not hold.</exception>
    public static bool Try(FuzzCodec codec, byte[] input, out long allocatedBytes)
    {
        var check = codec.Decode(input, out allocatedBytes, out var refusal);
        var limit = codec.AllocatedBytesBase + ((long)codec.AllocatedBytesPerByteMax * input.Length);
        if (allocatedBytes > limit) throw new FuzzException($"Decoding {input.Length} bytes allocated {allocatedBytes}, and {limit} are allowed.");
        if (refusal is not null)
        {
            if (refusal.Field.Length == 0 || refusal.Offset < 0 || refusal.Offset > input.Length) throw new FuzzException($"The error names field '{refusal.Field}' and offset {refusal.Offset}: {refusal}");
            if (refusal.Code == EdgeErrorCode.MalformedData && !refusal.Message.Contains(refusal.Field, StringComparison.Ordinal)) throw new FuzzException($"The message does not name its field '{refusal.Field}': {refusal}");
            return false;
        }
        check!();
        return true;
    }

    private static void TryReal(FuzzCodec codec, byte[] real)
    {
        try
        {
            if (!Try(codec, real, out _)) throw new FuzzException("It is refused.");
        }
        catch (Exception e) { throw new FuzzException($"{codec.Name}: a real encoding fails. {e.Message}\ninput: {Convert.ToHexString(real)}", e); }
    }

    // Leaves out pieces, half of the input at first, as long as the same kind of failure stays.
    private static byte[] Shrink(FuzzCodec codec, byte[] input, Type failure)
    {
        for (var size = input.Length / 2; size > 0; size /= 2)
            for (var at = 0; at + size <= input.Length;)
            {
                byte[] smaller = [.. input[..at], .. input[(at + size)..]];
                if (Fails(codec, smaller, failure)) input = smaller;
                else at += size;
            }
        return input;
    }

    private static bool Fails(FuzzCodec codec, byte[] input, Type failure)
    {
        try { Try(codec, input, out _); }
        catch (Exception e) { return e.GetType() == failure; }
        return false;
    }
}
