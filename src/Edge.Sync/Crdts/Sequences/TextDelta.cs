using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>An edit of a text: characters to put beside another one, or ranges of dots to delete.</summary>
/// <remarks>
/// <code>
/// delta  = [ ±distance, text ]                    the parent is the author's own: distance = first counter - parent's counter
///        | [ replica, ±counter, text ]            the parent is another replica's
///        | [ 0, text ]                            the parent is the root: the text stands before all there is, or in a text without any
///        | [ [ replica, counter, extent, ... ] ]  deletes; extent = last counter - first counter; ascending by replica id, then counter
/// </code>
/// A positive number makes the text a right child of its parent, a negative one a left child. Each UTF-16 code unit takes one dot. A deletion
/// takes none: nothing ever refers to it. Its ranges cover the characters of this text only, so they pass over the dots of other fields.
/// </remarks>
internal sealed class TextDelta : Delta
{
    private readonly DotRange[] _deleted;

    private TextDelta(Dot first, Dot parent, bool isLeftChild, string text, DotRange[] deleted, bool isCut = false) : base(first) =>
        (Parent, IsLeftChild, Text, _deleted, IsCut) = (parent, isLeftChild, text, deleted, isCut);

    public static TextDelta Insertion(Dot first, Dot parent, bool isLeftChild, string text) => new(first, parent, isLeftChild, text, []);

    public static TextDelta Deletion(Dot first, DotRange[] deleted) => new(first, default, false, "", deleted);

    public override CrdtKind Kind => CrdtKind.Text;

    public override int DotCount => Text.Length;

    /// <summary>The character beside which the text stands; counter 0 for the root.</summary>
    public Dot Parent { get; }

    /// <summary>Whether the text stands before its parent.</summary>
    public bool IsLeftChild { get; }

    /// <summary>What is inserted; empty for a deletion.</summary>
    public string Text { get; }

    /// <summary>What is deleted; ascending.</summary>
    public ReadOnlySpan<DotRange> Deleted => _deleted;

    /// <summary>Whether ranges were cut where a feed has forked: their ends need not be characters then.</summary>
    public bool IsCut { get; }

    public override void Write(ref WireWriter writer)
    {
        if (Text.Length > 0) WriteInsertion(ref writer, First, Parent, IsLeftChild, Text);
        else WriteDeletion(ref writer, _deleted);
    }

    internal static void WriteInsertion(ref WireWriter writer, in Dot first, in Dot parent, bool isLeftChild, ReadOnlySpan<char> text)
    {
        var isForeign = parent.Counter != 0 && parent.Replica != first.Replica;
        writer.Raw.WriteArrayHeader(isForeign ? 3 : 2);
        if (isForeign) writer.WriteReplica(parent.Replica);
        var reference = parent.Counter == 0 ? 0 : isForeign ? (long)parent.Counter : (long)(first.Counter - parent.Counter);
        writer.Raw.Write(isLeftChild ? -reference : reference);
        writer.Raw.Write(text);
    }

    internal static void WriteDeletion(ref WireWriter writer, ReadOnlySpan<DotRange> deleted)
    {
        writer.Raw.WriteArrayHeader(1);
        writer.Raw.WriteArrayHeader(deleted.Length * 3);
        foreach (ref readonly var range in deleted)
        {
            writer.WriteDot(range.First);
            writer.Raw.Write(range.Extent);
        }
    }

    public override void VisitNamed(IDotVisitor visitor)
    {
        if (Text.Length > 0 && Parent.Counter > 0) visitor.Visit(Parent);
        foreach (var range in _deleted)
            visitor.Visit(range.First with { Counter = range.LastCounter });
    }

    public override Delta Named(DotNames names)
    {
        if (Text.Length > 0) return Insertion(names[First], Parent.Counter == 0 ? Parent : names[Parent], IsLeftChild, Text);
        var deleted = DotRange.Named(_deleted, names);
        return new TextDelta(names[First], default, false, "", deleted, isCut: deleted.Length > _deleted.Length);
    }

    public static TextDelta Read(Dot first, ref WireReader reader)
    {
        var length = reader.ReadArrayHeader("text");
        switch (length)
        {
            case 1:
                return Deletion(first, ReadRanges(ref reader));
            case 2:
                {
                    var distance = reader.ReadInt64("text.distance");
                    if (distance is long.MinValue || (ulong)Math.Abs(distance) >= first.Counter) throw reader.Malformed("text.distance", $"{distance} leads before the first dot of the feed");
                    var parent = distance == 0 ? default : new Dot(first.Replica, first.Counter - (ulong)Math.Abs(distance));
                    return Insertion(first, parent, distance < 0, ReadText(first, ref reader));
                }
            case 3:
                {
                    var replica = reader.ReadReplica("text.parent");
                    if (replica == first.Replica) throw reader.Malformed("text.parent", "the author's own dots are given as a distance");
                    var counter = reader.ReadInt64("text.parent");
                    if (counter is 0 or < -(long)Dot.CounterMax or > (long)Dot.CounterMax) throw reader.Malformed("text.parent", $"{counter} is no counter");
                    return Insertion(first, new(replica, (ulong)Math.Abs(counter)), counter < 0, ReadText(first, ref reader));
                }
            default:
                throw reader.Malformed("text", $"it has 1, 2 or 3 elements, not {length}");
        }
    }

    private static string ReadText(Dot first, ref WireReader reader)
    {
        var text = reader.ReadString("text.text");
        if (text.Length == 0) throw reader.Malformed("text.text", "nothing is inserted");
        if ((ulong)text.Length > Dot.CounterMax - first.Counter + 1) throw reader.Malformed("text.text", "its dots are more than a feed has");
        return text;
    }

    private static DotRange[] ReadRanges(ref WireReader reader)
    {
        var length = reader.ReadArrayHeader("text.deleted");
        if (length % 3 != 0) throw reader.Malformed("text.deleted", "a range is cut short");
        if (length == 0) throw reader.Malformed("text.deleted", "nothing is deleted");
        var ranges = new DotRange[length / 3];
        for (var i = 0; i < ranges.Length; i++)
        {
            var start = reader.ReadDot("text.deleted");
            var extent = reader.ReadUInt64("text.deleted");
            if (extent > Dot.CounterMax - start.Counter) throw reader.Malformed("text.deleted", "a range is longer than a feed");
            ranges[i] = new(start, extent);
            if (i > 0 && !ranges[i - 1].IsBefore(ranges[i])) throw reader.Malformed("text.deleted", "its ranges are not ascending and apart");
        }
        return ranges;
    }
}
