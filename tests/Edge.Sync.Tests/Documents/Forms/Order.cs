using System.Buffers;
using System.Buffers.Binary;

namespace Edge.Sync.Tests.Documents.Forms;

/// <summary>A document with the property forms that <see cref="Types.Plant"/> has not.</summary>
[EdgeDocument("order")]
public partial class Order
{
    [Indexed] public partial string Number { get; set; }
    [Indexed] public partial DateTimeOffset? Due { get; set; }
    public partial Reference<Customer> Customer { get; set; }
    public partial Reference<Customer>? BillTo { get; set; }
    public partial ReplicatedSet<Reference<Customer>> Watchers { get; }
    public partial Register<Urgency, HighestWins> Urgency { get; }
    public partial ReplicatedMap<string, Register<Urgency, HighestWins>> Lanes { get; }
    public partial Lattice<Reach> Reach { get; }
    public partial Lattice<Tags> Labels { get; }
    public partial ReplicatedList<Line> Lines { get; }
    public partial Money Price { get; set; }
    public partial Money? Discount { get; set; }
    public partial ReplicatedSet<Money> Fees { get; }
    public partial ReplicatedMap<string, Money> Rates { get; }
    public partial Register<Money> Quote { get; }
    public partial Window Window { get; set; }
    public partial Urgency Level { get; set; } = Forms.Urgency.Normal;
    public partial decimal Weight { get; set; } = 1.5m;
    public partial Guid Token { get; set; }
}

[EdgeDocument("customer")]
public partial class Customer
{
    public required partial string Name { get; set; }
}

/// <summary>An element of a list, which merges field by field.</summary>
[EdgeObject]
public partial class Line
{
    public required partial string Text { get; set; }
    public partial bool Done { get; set; }
    public partial Counter Count { get; }
    public partial ReplicatedList<Part> Parts { get; }
}

[EdgeObject]
public partial class Part
{
    public partial string Name { get; set; }
    public partial Money Cost { get; set; }
}

public enum Urgency
{
    Low,
    Normal,
    High,
}

public readonly record struct Money(decimal Amount, string Currency);

/// <summary>Not positional, with what may be null, a record within, and something that is computed.</summary>
public readonly record struct Window
{
    public DateTimeOffset From { get; init; }
    public double Hours { get; init; }
    public int? Gate { get; init; }
    public string? Note { get; init; }
    public Money Fee { get; init; }
    public DateTimeOffset To => From.AddHours(Hours);
}

public readonly struct HighestWins : IMergeRule<Urgency>
{
    public static Urgency Merge(ReadOnlySpan<ConcurrentValue<Urgency>> values)
    {
        var best = values[0].Value;
        foreach (var value in values)
            if (value.Value > best) best = value.Value;
        return best;
    }
}

/// <summary>The interval that covers all seen.</summary>
public readonly record struct Reach(double From, double To) : ILattice<Reach>
{
    public static Reach Bottom => new(double.PositiveInfinity, double.NegativeInfinity);

    public static Reach Join(Reach a, Reach b) => new(Math.Min(a.From, b.From), Math.Max(a.To, b.To));

    public static void Write(IBufferWriter<byte> output, Reach value)
    {
        var span = output.GetSpan(16);
        BinaryPrimitives.WriteDoubleLittleEndian(span, value.From);
        BinaryPrimitives.WriteDoubleLittleEndian(span[8..], value.To);
        output.Advance(16);
    }

    public static Reach Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadDoubleLittleEndian(bytes), BinaryPrimitives.ReadDoubleLittleEndian(bytes[8..]));
}

/// <summary>A lattice that is no record: a bit for each tag.</summary>
public sealed class Tags(ulong bits) : ILattice<Tags>
{
    public ulong Bits => bits;

    public static Tags Bottom { get; } = new(0);

    public static Tags Join(Tags a, Tags b) => new(a.Bits | b.Bits);

    public static void Write(IBufferWriter<byte> output, Tags value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(output.GetSpan(8), value.Bits);
        output.Advance(8);
    }

    public static Tags Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt64BigEndian(bytes));

    public override string ToString() => $"tags {bits}";
}
