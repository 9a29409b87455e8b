using System.Buffers;
using System.Buffers.Binary;

namespace Edge.Sync.Testing.Tests;

[EdgeDocument("job")]
public partial class Job
{
    public required partial string Title { get; set; }         // a promise of who creates; a reader may meet "" before it arrives
    public partial bool Done { get; set; }
    [Indexed] public partial DateTimeOffset? Due { get; set; }
    public partial Counter Minutes { get; }
    public partial ReplicatedSet<string> Parts { get; }
    public partial ReplicatedText Notes { get; }
    public partial ReplicatedList<Step> Steps { get; }         // nested objects; each merges field by field
    public partial Reference<Site> Site { get; set; }          // a typed id; it may dangle, visibly
    public partial Register<Priority, HighestWins> Priority { get; }
    public partial Lattice<Reach> Reach { get; }
    [LocalOnly] public partial bool Pinned { get; set; }
}
[EdgeObject] public partial class Step { public required partial string Text { get; set; } public partial bool Done { get; set; } }
[EdgeDocument("site")] public partial class Site { public required partial string Name { get; set; } public partial ReplicatedMap<string, Counter> Stock { get; } }
public enum Priority { Low, Normal, High }
public readonly struct HighestWins : IMergeRule<Priority>      // only asked about values that are concurrent, in canonical order
{
    public static Priority Merge(ReadOnlySpan<ConcurrentValue<Priority>> values)
    {
        var best = values[0].Value;
        foreach (var v in values) if (v.Value > best) best = v.Value;
        return best;
    }
}
public readonly record struct Reach(double From, double To) : ILattice<Reach>       // a CRDT of one's own: the interval that covers all seen
{
    public static Reach Bottom => new(double.PositiveInfinity, double.NegativeInfinity);
    public static Reach Join(Reach a, Reach b) => new(Math.Min(a.From, b.From), Math.Max(a.To, b.To));
    public static void Write(IBufferWriter<byte> output, Reach v)
    {
        var span = output.GetSpan(16);
        BinaryPrimitives.WriteDoubleLittleEndian(span, v.From); BinaryPrimitives.WriteDoubleLittleEndian(span[8..], v.To);
        output.Advance(16);
    }
    public static Reach Read(ReadOnlySpan<byte> b) => new(BinaryPrimitives.ReadDoubleLittleEndian(b), BinaryPrimitives.ReadDoubleLittleEndian(b[8..]));
}
[EdgeEvent("job-event")]
public abstract partial record JobEvent
{
    [EdgeEvent("opened")] public sealed partial record Opened(string Title) : JobEvent;
    [EdgeEvent("closed")] public sealed partial record Closed(int Minutes, string By) : JobEvent;
}
