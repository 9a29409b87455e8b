using System.Buffers;
using MessagePack;

namespace Edge.Sync.Tests.Fuzzing.Mutation;

/// <summary>Makes inputs from real encodings: one to four changes each, of values or of bytes.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds)
{
    private const int InputBytesMax = 1 << 16;

    private static readonly byte[][] s_leaves = [.. Leaves()];
    private static readonly byte[] s_bytes = [0x00, 0x01, 0x7F, 0x80, 0x90, 0x91, 0xA0, 0xC0, 0xC1, 0xC4, 0xCC, 0xCD, 0xCF, 0xD0, 0xD3, 0xDC, 0xDD, 0xDF, 0xE0, 0xFF];
    private static readonly uint[] s_counts = [0, 1, 15, 16, 255, 256, 65_535, 65_536, 1_000_000, int.MaxValue, 0x80000000, uint.MaxValue];

    private readonly WireNode[] _trees = [.. seeds.Select(s => WireNode.Parse(s))];

    public byte[] Next(FuzzRandom random)
    {
        var source = random.Next(seeds.Count);
        var input = seeds[source];
        var shapes = random.Next(8);
        if (shapes < 5)
        {
            var tree = _trees[source].Clone();
            for (var left = 1 + random.Next(3); left > 0; left--) Reshape(tree, random);
            input = tree.ToBytes();
        }
        if (shapes > 3)
            for (var left = 1 + random.Next(3); left > 0; left--) input = Scramble(input, random);
        return input.Length > InputBytesMax ? input[..InputBytesMax] : input;
    }

    /// <summary>Changes one value, and leaves the frame around it sound.</summary>
    private void Reshape(WireNode tree, FuzzRandom random)
    {
        var nodes = new List<WireNode>();
        tree.CollectTo(nodes);
        var node = nodes[nodes.Count > 1 ? 1 + random.Next(nodes.Count - 1) : 0];
        switch (random.Next(12))
        {
            case 0: node.Become(WireNode.Of(random.Pick(s_leaves))); break;
            case 1 or 2: // A number for another number of the same input: references that go round, doubled names, orders reversed.
                var numbers = nodes.FindAll(n => n.IsInteger);
                if (numbers.Count > 1) random.Pick(numbers).Become(random.Pick(numbers));
                break;
            case 3 or 4:
                var steps = nodes.FindAll(n => n.IsInteger);
                if (steps.Count > 0) Step(random.Pick(steps), random);
                break;
            case 5:
                if (node.Children.Count > 0) node.Children.RemoveAt(random.Next(node.Children.Count));
                break;
            case 6:
                if (node.Children.Count > 0) node.Children.Insert(random.Next(node.Children.Count + 1), random.Pick(node.Children).Clone());
                break;
            case 7:
                if (node.Children.Count > 1) Swap(node.Children, random.Next(node.Children.Count), random.Next(node.Children.Count));
                break;
            case 8: // A group of elements for a group: entries doubled, left out, in another order.
                if (node.Children.Count > 1) Regroup(node.Children, random);
                break;
            case 9: node.Become(random.Pick(nodes)); break;
            case 10:
                var others = new List<WireNode>();
                random.Pick(_trees).CollectTo(others);
                node.Become(random.Pick(others));
                break;
            default: // Nested, at times deeper than any stack is.
                if (random.Next(64) == 0) node.Become(WireNode.Of([.. Enumerable.Repeat((byte)(0x91 + random.Next(4)), 20_000)]));
                else for (var depth = 1 + random.Next(20); depth > 0; depth--) node.Become(WireNode.ArrayOf(node.Clone()));
                break;
        }
    }

    /// <summary>Changes bytes, whatever they stand for.</summary>
    private byte[] Scramble(byte[] input, FuzzRandom random)
    {
        if (input.Length == 0) return [random.Pick(s_bytes)];
        var at = random.Next(input.Length);
        var bytes = input.ToArray();
        switch (random.Next(9))
        {
            case 0: bytes[at] ^= (byte)(1 << random.Next(8)); return bytes;
            case 1: bytes[at] = random.Pick(s_bytes); return bytes;
            case 2: bytes[at] = (byte)random.Next(256); return bytes;
            case 3: bytes[at] += (byte)(random.Next(2) == 0 ? 1 : 255); return bytes;
            case 4: return [.. input[..at], random.Pick(s_bytes), .. input[at..]];
            case 5: return [.. input[..at], .. input[Math.Min(input.Length, at + 1 + random.Next(4))..]];
            case 6: return input[..at];
            case 7: // The front of one and the back of another.
                var other = random.Pick(seeds);
                return [.. input[..at], .. other[random.Next(other.Length + 1)..]];
            default: // A header that promises another count, in any of its forms.
                var count = random.Pick(s_counts);
                byte code = random.Pick([(byte)0xDC, (byte)0xDD, (byte)0xDA, (byte)0xDB, (byte)0xC5, (byte)0xC6, (byte)0xDE, (byte)0xDF]);
                byte[] wide = [(byte)(count >> 24), (byte)(count >> 16), (byte)(count >> 8), (byte)count];
                return [.. input[..at], code, .. code is 0xDC or 0xDA or 0xC5 or 0xDE ? wide[2..] : wide, .. input[Math.Min(input.Length, at + 1)..]];
        }
    }

    private static void Step(WireNode number, FuzzRandom random)
    {
        var reader = new MessagePackReader(number.Leaf);
        long value;
        try { value = reader.ReadInt64(); }
        catch (OverflowException) { return; }
        value = unchecked(value + (random.Next(4) switch { 0 => 1, 1 => -1, 2 => random.Next(64), _ => -random.Next(64) }));
        number.Become(WireNode.Of(Write((ref MessagePackWriter w) => w.Write(value))));
    }

    private static void Regroup(List<WireNode> children, FuzzRandom random)
    {
        var size = 1 + random.Next(Math.Min(6, children.Count));
        var from = random.Next(children.Count - size + 1);
        var group = children.GetRange(from, size).ConvertAll(c => c.Clone());
        if (random.Next(3) > 0) children.RemoveRange(from, size);
        if (random.Next(3) > 0) children.InsertRange(random.Next(children.Count / size + 1) * size, group);
    }

    private static void Swap(List<WireNode> list, int left, int right) => (list[left], list[right]) = (list[right], list[left]);

    /// <summary>Values at the ends of ranges, in every form that MessagePack has for them.</summary>
    private static IEnumerable<byte[]> Leaves()
    {
        foreach (var number in (long[])[0, 1, 2, 3, 15, 16, 31, 32, 127, 128, 255, 256, 65_535, 65_536, int.MaxValue, uint.MaxValue, 1L << 32, (1L << 53) - 1, 1L << 53, long.MaxValue, -1, -32, -33, -128, -129, int.MinValue, long.MinValue])
            yield return Write((ref MessagePackWriter w) => w.Write(number));
        for (var kind = 0; kind < 24; kind++) yield return [(byte)kind];
        yield return Write((ref MessagePackWriter w) => w.Write(ulong.MaxValue));
        foreach (var number in (double[])[0, -0.0, 1.5, double.NaN, double.Epsilon, double.MaxValue, double.PositiveInfinity, double.NegativeInfinity])
            yield return Write((ref MessagePackWriter w) => w.Write(number));
        foreach (var text in (string[])["", "a", "é", "\U0001F600", "x\U0001F600y", "e\u0301\u200D", "\uFFFF", "\0", new('q', 40), new('z', 300)])
            yield return Write((ref MessagePackWriter w) => w.Write(text));
        yield return [0xA1, 0xC3];
        yield return [0xA3, 0xED, 0xA0, 0x80];
        yield return [0xC0];
        yield return [0xC2];
        yield return [0xC3];
        yield return [0xCA, 0x3F, 0x80, 0, 0];
        yield return [0xCC, 0x01];
        yield return [0xD0, 0x01];
        yield return [0xCF, 0, 0, 0, 0, 0, 0, 0, 1];
        yield return [0xD6, 0xFF, 0, 0, 0, 1];
        yield return [0xC4, 0x00];
        yield return [0xC4, 0x10, .. Enumerable.Repeat((byte)0xFF, 16)];
        yield return [0x90];
        yield return [0x91, 0x00];
        yield return [0x80];
        yield return [0x81, 0x00, 0x00];
    }

    private delegate void Writing(ref MessagePackWriter writer);

    private static byte[] Write(Writing write)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        write(ref writer);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }
}
