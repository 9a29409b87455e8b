using System.Diagnostics.CodeAnalysis;

namespace Edge.Sync.Testing;

/// <summary>
/// Hands a lattice what no honest replica writes. It may refuse by any exception; but what it takes it must be able to join and write, and no length
/// in the bytes may make it allocate at will: such bytes reach every reader of the document.
/// </summary>
internal static class DamagedBytes<T> where T : ILattice<T>
{
    private const string Law = "Read is total";
    private const long AllocatedBytesMax = 64L << 20;

    public static void Check(byte[] bytes, T other, Random random, int seed, int number)
    {
        var damaged = Damage(bytes, random);
        if (Breaks(damaged, other, out _) is null) return;
        // Fewer bytes, then plainer ones.
        for (var i = 0; i < damaged.Length;)
        {
            byte[] shorter = [.. damaged[..i], .. damaged[(i + 1)..]];
            if (Breaks(shorter, other, out _) is null) i++;
            else damaged = shorter;
        }
        for (var i = 0; i < damaged.Length; i++)
        {
            byte[] plainer = [.. damaged];
            plainer[i] = 0;
            if (Breaks(plainer, other, out _) is not null) damaged = plainer;
        }
        var why = Breaks(damaged, other, out var thrown);
        throw new CrdtLawException(typeof(T).Name, Law, seed, number, $"the bytes [{new Image(damaged)}]: {why}.", thrown);
    }

    private static byte[] Damage(byte[] bytes, Random random)
    {
        byte[] damaged = [.. bytes];
        switch (random.Next(6))
        {
            case 0: return damaged[..random.Next(damaged.Length + 1)];
            case 1: return [.. damaged, (byte)random.Next(256)];
            case 2:
                damaged = new byte[random.Next(24)];
                random.NextBytes(damaged);
                return damaged;
            case 3:
                // Lengths and numbers at their ends.
                damaged.AsSpan(random.Next(damaged.Length + 1)).Fill(random.Next(2) == 0 ? (byte)0xFF : (byte)0x7F);
                return damaged;
            default:
                for (var flips = random.Next(1, 4); flips > 0 && damaged.Length > 0; flips--)
                    damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                return damaged;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The app's code may throw whatever it likes.")]
    private static string? Breaks(byte[] damaged, T other, out Exception? thrown)
    {
        thrown = null;
        var before = GC.GetAllocatedBytesForCurrentThread();
        T value;
        try { value = T.Read(damaged); }
        catch (OutOfMemoryException e)
        {
            thrown = e;
            return "Read runs out of memory: it trusts a length";
        }
        catch (Exception) { return Allocated(before); }
        try
        {
            _ = Image.Of(T.Join(value, other));
            _ = Image.Of(T.Join(other, value));
            var written = Image.Of(value);
            return Image.Of(T.Read(written.Bytes)).Equals(written) ? Allocated(before) : $"Read takes them as {value}, which is written as [{written}] and read back as another value";
        }
        catch (Exception e)
        {
            thrown = e;
            return $"Read takes them as {value}, and that cannot be joined, written and read again ({e.GetType().Name}: {e.Message})";
        }
    }

    private static string? Allocated(long before) =>
        GC.GetAllocatedBytesForCurrentThread() - before is var bytes && bytes > AllocatedBytesMax ? $"Read allocates {bytes >> 20} MiB for them: it trusts a length" : null;
}
