using System.Buffers;

namespace Edge.Sync.Testing.Tests.Laws;

/// <summary>Good lattices pass; each law is broken by one that breaks it, and named with its seed and a small counterexample.</summary>
public class LatticeLawTests
{
    [Fact]
    public void A_lattice_that_obeys_passes()
    {
        CrdtLaws.Check<Reach>(static random => new Reach(random.NextDouble(), 1 + random.NextDouble()));
        CrdtLaws.Check<Highest>(static random => new(random.Next(-20, 20)));
        CrdtLaws.Check<SeenTags>(static random => new([.. Enumerable.Range(0, random.Next(4)).Select(_ => (byte)random.Next(1, 9))]));
    }

    [Fact]
    public void An_order_that_counts_is_found() => AssertBroken<LastOf>("Join is commutative", static random => new(random.Next(1, 9)));

    [Fact]
    public void Doubles_that_count_are_found() => AssertBroken<Total>("Join is idempotent", static random => new(random.Next(1, 9)));

    [Fact]
    public void A_grouping_that_counts_is_found() => AssertBroken<Hand>("Join is associative", static random => new(random.Next(1, 4)));

    [Fact]
    public void A_least_value_that_is_not_least_is_found() => AssertBroken<HighestFromZero>("Bottom is neutral", static random => new(random.Next(-20, 20)));

    [Fact]
    public void What_is_not_written_is_found() => AssertBroken<Rounded>("Read gives back what was written", static random => new(random.NextDouble()));

    [Fact]
    public void Equal_values_with_other_bytes_are_found() => AssertBroken<Restless>("Write is canonical", static random => new(random.Next(1, 9)));

    [Fact]
    public void Too_many_bytes_are_found() => AssertBroken<Huge>("Write keeps to the limit", static random => new(random.Next(1, 9)));

    [Fact]
    public void Joining_into_an_argument_is_found() => AssertBroken<SharedTags>("Join leaves its arguments as they are", static random => new([(byte)random.Next(1, 9)]));

    [Fact]
    public void A_join_that_remembers_is_found() => AssertBroken<Remembering>("The result depends on the arguments alone", static random => new(random.Next(1, 9)));

    [Fact]
    public void A_reading_that_cannot_be_joined_is_found()
    {
        var broken = AssertBroken<Unchecked>("Read is total", static random => new(random.Next(1, 7)));
        Assert.Contains("cannot be joined", broken.Counterexample, StringComparison.Ordinal);
        Assert.IsType<IndexOutOfRangeException>(broken.InnerException);
    }

    [Fact]
    public void A_length_that_is_believed_is_found() => Assert.Contains("it trusts a length", AssertBroken<Believing>("Read is total", static random => new(random.Next(1, 7))).Counterexample, StringComparison.Ordinal);

    [Fact]
    public void A_generator_that_is_not_seeded_is_found()
    {
        var next = 0;
        AssertBroken<Highest>("The generator follows its Random", _ => new(next++));
    }

    [Fact]
    public void A_counterexample_is_the_smallest_of_what_was_drawn()
    {
        var broken = AssertBroken<LastOf>("Join is commutative", static random => new(random.Next(1, 20)));
        Assert.StartsWith("a = 2, b = 1:", broken.Counterexample, StringComparison.Ordinal);
        Assert.Contains("seed 7, case", broken.Message, StringComparison.Ordinal);
        Assert.Equal(7, broken.Seed);
        // The same seed finds the same one.
        Assert.Equal(broken.Message, AssertBroken<LastOf>("Join is commutative", static random => new(random.Next(1, 20))).Message);
    }

    private static CrdtLawException AssertBroken<T>(string law, Func<Random, T> generate) where T : ILattice<T>
    {
        var broken = Assert.Throws<CrdtLawException>(() => CrdtLaws.Check(generate, new() { Seed = 7 }));
        Assert.Equal(law, broken.Law);
        return broken;
    }

    /// <summary>A number in four bytes: what most of these are.</summary>
    private static void WriteNumber(IBufferWriter<byte> output, int number)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(4), number);
        output.Advance(4);
    }

    private static int ReadNumber(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 4 ? System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes) : throw new FormatException("Four bytes were expected.");

    private readonly record struct Highest(int Value) : ILattice<Highest>
    {
        public static Highest Bottom => new(int.MinValue);
        public static Highest Join(Highest a, Highest b) => a.Value > b.Value ? a : b;
        public static void Write(IBufferWriter<byte> output, Highest value) => WriteNumber(output, value.Value);
        public static Highest Read(ReadOnlySpan<byte> bytes) => new(ReadNumber(bytes));
    }

    private readonly record struct HighestFromZero(int Value) : ILattice<HighestFromZero>
    {
        public static HighestFromZero Bottom => new(0);
        public static HighestFromZero Join(HighestFromZero a, HighestFromZero b) => a.Value > b.Value ? a : b;
        public static void Write(IBufferWriter<byte> output, HighestFromZero value) => WriteNumber(output, value.Value);
        public static HighestFromZero Read(ReadOnlySpan<byte> bytes) => new(ReadNumber(bytes));
    }

    private readonly record struct LastOf(int Value) : ILattice<LastOf>
    {
        public static LastOf Bottom => default;
        public static LastOf Join(LastOf a, LastOf b) => b == default ? a : b;
        public static void Write(IBufferWriter<byte> output, LastOf value) => WriteNumber(output, value.Value);
        public static LastOf Read(ReadOnlySpan<byte> bytes) => new(ReadNumber(bytes));
        public override string ToString() => $"{Value}";
    }

    private readonly record struct Total(int Value) : ILattice<Total>
    {
        public static Total Bottom => default;
        public static Total Join(Total a, Total b) => new(a.Value + b.Value);
        public static void Write(IBufferWriter<byte> output, Total value) => WriteNumber(output, value.Value);
        public static Total Read(ReadOnlySpan<byte> bytes) => new(ReadNumber(bytes));
    }

    /// <summary>Rock, paper, scissors: commutative and idempotent, and no join.</summary>
    private readonly record struct Hand(int Value) : ILattice<Hand>
    {
        public static Hand Bottom => default;
        public static Hand Join(Hand a, Hand b) => a == b || b == default ? a : a == default ? b : a.Value % 3 + 1 == b.Value ? b : a;
        public static void Write(IBufferWriter<byte> output, Hand value) => WriteNumber(output, value.Value);
        public static Hand Read(ReadOnlySpan<byte> bytes) => ReadNumber(bytes) is >= 0 and <= 3 and var value ? new(value) : throw new FormatException("No hand.");
    }

    private readonly record struct Rounded(double Value) : ILattice<Rounded>
    {
        public static Rounded Bottom => default;
        public static Rounded Join(Rounded a, Rounded b) => a.Value > b.Value ? a : b;
        public static void Write(IBufferWriter<byte> output, Rounded value) => WriteNumber(output, (int)(value.Value * 1000));
        public static Rounded Read(ReadOnlySpan<byte> bytes) => new(ReadNumber(bytes) / 1000.0);
    }

    private sealed record Restless(int Value) : ILattice<Restless>
    {
        private static int s_writes;

        public static Restless Bottom => new(0);
        public static Restless Join(Restless a, Restless b) => a.Value > b.Value ? a : b;
        public static void Write(IBufferWriter<byte> output, Restless value)
        {
            WriteNumber(output, value.Value);
            WriteNumber(output, s_writes++ & 1);
        }
        public static Restless Read(ReadOnlySpan<byte> bytes) => new(ReadNumber(bytes[..4]));
    }

    private readonly record struct Huge(int Value) : ILattice<Huge>
    {
        public static Huge Bottom => default;
        public static Huge Join(Huge a, Huge b) => a.Value > b.Value ? a : b;
        public static void Write(IBufferWriter<byte> output, Huge value)
        {
            WriteNumber(output, value.Value);
            output.GetSpan(1 << 20)[..(1 << 20)].Clear();
            output.Advance(1 << 20);
        }
        public static Huge Read(ReadOnlySpan<byte> bytes) => new(ReadNumber(bytes[..4]));
    }

    private readonly record struct Remembering(int Value) : ILattice<Remembering>
    {
        private static int s_joins;

        public static Remembering Bottom => default;
        public static Remembering Join(Remembering a, Remembering b) => a == b || b == default ? a : a == default ? b : new(Math.Max(a.Value, b.Value) + s_joins++);
        public static void Write(IBufferWriter<byte> output, Remembering value) => WriteNumber(output, value.Value);
        public static Remembering Read(ReadOnlySpan<byte> bytes) => new(ReadNumber(bytes));
    }

    private readonly record struct Unchecked(int Rank) : ILattice<Unchecked>
    {
        private static readonly int[] s_order = [0, 1, 2, 3, 4, 5, 6, 7];

        public static Unchecked Bottom => default;
        public static Unchecked Join(Unchecked a, Unchecked b) => s_order[a.Rank] > s_order[b.Rank] ? a : b;
        public static void Write(IBufferWriter<byte> output, Unchecked value) => WriteNumber(output, value.Rank);
        public static Unchecked Read(ReadOnlySpan<byte> bytes) => new(ReadNumber(bytes));
    }

    private readonly record struct Believing(int Length) : ILattice<Believing>
    {
        public static Believing Bottom => default;
        public static Believing Join(Believing a, Believing b) => a.Length > b.Length ? a : b;
        public static void Write(IBufferWriter<byte> output, Believing value) => WriteNumber(output, value.Length);
        public static Believing Read(ReadOnlySpan<byte> bytes) => new(new byte[Math.Min(ReadNumber(bytes) & int.MaxValue, 1 << 28)].Length);
    }

    private sealed class SeenTags(byte[] tags) : ILattice<SeenTags>
    {
        private readonly SortedSet<byte> _tags = [.. tags];

        public static SeenTags Bottom => new([]);
        public static SeenTags Join(SeenTags a, SeenTags b) => new([.. a._tags, .. b._tags]);
        public static void Write(IBufferWriter<byte> output, SeenTags value) => output.Write(value._tags.ToArray());
        public static SeenTags Read(ReadOnlySpan<byte> bytes) => new(bytes.ToArray());
    }

    /// <summary>Adds to the first argument's set in place.</summary>
    private sealed class SharedTags(byte[] tags) : ILattice<SharedTags>
    {
        private readonly SortedSet<byte> _tags = [.. tags];

        public static SharedTags Bottom => new([]);
        public static SharedTags Join(SharedTags a, SharedTags b)
        {
            a._tags.UnionWith(b._tags);
            return a;
        }
        public static void Write(IBufferWriter<byte> output, SharedTags value) => output.Write(value._tags.ToArray());
        public static SharedTags Read(ReadOnlySpan<byte> bytes) => new(bytes.ToArray());
    }
}
