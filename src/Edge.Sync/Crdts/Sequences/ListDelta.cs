using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>An edit of a list: values to put somewhere, elements to move somewhere, a value to set, or elements to delete.</summary>
/// <remarks>
/// <code>
/// delta   = [ 0, place, value, ... ]                       inserts, one dot for each element and its place
///         | [ 1, place, element, depth, ... ]              moves, one dot for each new place
///         | [ 2, element, value, replica, counter, ... ]   sets; the dots of the values that it replaces, none for the element's own dot alone
///         | [ 3, [ replica, counter, extent, ... ] [, [ replica, counter, [ dots ], ... ] ] ]   deletes elements, each with the lives that its author saw:
///                                                          ranges of those that live by their own dot alone, then the others
/// place   = replica, ±n    beside which dot: a right child of it, or a left one where n is negative; the author and 0 for the root
/// element = replica, n
/// n       = distance back from the delta's first dot where the replica is the author's, a counter else
/// </code>
/// A delta of several elements puts each behind the one before. Ranges are ascending by replica id and counter, and cover elements of this list only.
/// </remarks>
internal sealed class ListDelta : Delta
{
    private readonly ValueBytes[] _values;
    private readonly ListMove[] _moves;
    private readonly Dot[] _replaced;
    private readonly DotRange[] _ranges;
    private readonly ListRemoval[] _removals;

    private ListDelta(Dot first, ListOperation operation, Dot at, bool isLeft, ValueBytes[]? values = null, ListMove[]? moves = null, Dot[]? replaced = null, DotRange[]? ranges = null, ListRemoval[]? removals = null, bool isCut = false) : base(first) =>
        (Operation, At, IsLeftChild, _values, _moves, _replaced, _ranges, _removals, IsCut) = (operation, at, isLeft, values ?? [], moves ?? [], replaced ?? [], ranges ?? [], removals ?? [], isCut);

    public static ListDelta Insert(Dot first, Dot parent, bool isLeftChild, ValueBytes[] values) => new(first, ListOperation.Insert, parent, isLeftChild, values);

    public static ListDelta Move(Dot first, Dot parent, bool isLeftChild, ListMove[] moves) => new(first, ListOperation.Move, parent, isLeftChild, moves: moves);

    public static ListDelta Set(Dot dot, Dot element, ValueBytes value, Dot[] replaced) => new(dot, ListOperation.Set, element, false, [value], replaced: replaced);

    public static ListDelta Delete(Dot dot, DotRange[] ranges, ListRemoval[] removals) => new(dot, ListOperation.Delete, default, false, ranges: ranges, removals: removals);

    public override CrdtKind Kind => CrdtKind.List;

    public override int DotCount => Operation switch { ListOperation.Insert => _values.Length, ListOperation.Move => _moves.Length, _ => 1 };

    public ListOperation Operation { get; }

    /// <summary>The place beside which the new ones stand, counter 0 for the root; or the element that is set.</summary>
    public Dot At { get; }

    /// <summary>Whether the new places stand before <see cref="At"/>.</summary>
    public bool IsLeftChild { get; }

    /// <summary>What is inserted, or the one value that is set.</summary>
    public ReadOnlySpan<ValueBytes> Values => _values;

    public ReadOnlySpan<ListMove> Moves => _moves;

    /// <summary>The dots of the values that a set replaces; ascending.</summary>
    public override ReadOnlySpan<Dot> Replaced => _replaced;

    /// <summary>Deleted elements whose only life is their own dot; ascending.</summary>
    public ReadOnlySpan<DotRange> Ranges => _ranges;

    /// <summary>Whether ranges were cut where a feed has forked: their ends need not be elements then.</summary>
    public bool IsCut { get; }

    /// <summary>The other deleted elements; ascending by replica, then counter.</summary>
    public ReadOnlySpan<ListRemoval> Removals => _removals;

    public override void Write(ref WireWriter writer)
    {
        switch (Operation)
        {
            case ListOperation.Insert:
                writer.Raw.WriteArrayHeader(3 + _values.Length);
                WriteReference(ref writer, At, IsLeftChild);
                foreach (var value in _values) writer.WriteValue(value);
                break;
            case ListOperation.Move:
                writer.Raw.WriteArrayHeader(3 + _moves.Length * 3);
                WriteReference(ref writer, At, IsLeftChild);
                foreach (var move in _moves)
                {
                    WriteDot(ref writer, move.Element, false);
                    writer.Raw.Write(move.Depth);
                }
                break;
            case ListOperation.Set:
                var isOwn = _replaced.Length == 1 && _replaced[0] == At;
                writer.Raw.WriteArrayHeader(4 + (isOwn ? 0 : _replaced.Length * 2));
                WriteReference(ref writer, At, false);
                writer.WriteValue(_values[0]);
                foreach (var dot in isOwn ? [] : _replaced) writer.WriteDot(dot);
                break;
            default:
                WriteDeletion(ref writer);
                break;
        }
    }

    private void WriteReference(ref WireWriter writer, Dot dot, bool isLeft)
    {
        writer.Raw.Write((int)Operation);
        WriteDot(ref writer, dot, isLeft);
    }

    private void WriteDot(ref WireWriter writer, Dot dot, bool isLeft)
    {
        var isRoot = dot.Counter == 0;
        writer.WriteReplica(isRoot ? First.Replica : dot.Replica);
        var number = isRoot ? 0 : dot.Replica == First.Replica ? (long)(First.Counter - dot.Counter) : (long)dot.Counter;
        writer.Raw.Write(isLeft ? -number : number);
    }

    private void WriteDeletion(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(_removals.Length > 0 ? 3 : 2);
        writer.Raw.Write((int)Operation);
        writer.Raw.WriteArrayHeader(_ranges.Length * 3);
        foreach (var range in _ranges)
        {
            writer.WriteDot(range.First);
            writer.Raw.Write(range.Extent);
        }
        if (_removals.Length == 0) return;
        writer.Raw.WriteArrayHeader(_removals.Length * 3);
        foreach (var removal in _removals)
        {
            writer.WriteDot(removal.Element);
            writer.WriteDots(removal.Lives);
        }
    }

    public override void VisitNamed(IDotVisitor visitor)
    {
        if (At.Counter > 0) visitor.Visit(At);
        foreach (var move in _moves)
            visitor.Visit(move.Element);
        Visit(visitor, _replaced);
        foreach (var range in _ranges)
            visitor.Visit(range.First with { Counter = range.LastCounter });
        foreach (var removal in _removals)
        {
            visitor.Visit(removal.Element);
            Visit(visitor, removal.Lives);
        }
    }

    public override Delta Named(DotNames names)
    {
        var at = At.Counter == 0 ? At : names[At];
        switch (Operation)
        {
            case ListOperation.Insert: return Insert(names[First], at, IsLeftChild, _values);
            case ListOperation.Move: return Move(names[First], at, IsLeftChild, Array.ConvertAll(_moves, move => move with { Element = names[move.Element] }));
            case ListOperation.Set: return Set(names[First], at, _values[0], names.All(_replaced));
            default:
                var ranges = DotRange.Named(_ranges, names);
                var removals = Array.ConvertAll(_removals, removal => new ListRemoval(names[removal.Element], names.All(removal.Lives)));
                Array.Sort(removals, static (a, b) => a.Element.Replica != b.Element.Replica ? a.Element.Replica.CompareTo(b.Element.Replica) : a.Element.Counter.CompareTo(b.Element.Counter));
                return new ListDelta(names[First], Operation, default, false, ranges: ranges, removals: removals, isCut: ranges.Length > _ranges.Length);
        }
    }

    public static ListDelta Read(Dot first, ref WireReader reader)
    {
        var length = reader.ReadArrayHeader("list");
        if (length < 2) throw reader.Malformed("list", "an edit of a list has at least 2 elements");
        var operation = (ListOperation)reader.ReadInt32("list.operation", 0, (int)ListOperation.Delete);
        if (operation == ListOperation.Delete) return ReadDeletion(first, length, ref reader);
        if (length < 4) throw reader.Malformed("list", $"operation {(int)operation} has at least 4 elements, not {length}");
        var at = ReadReference(first, "list.place", ref reader, out var isLeft);
        switch (operation)
        {
            case ListOperation.Insert:
                {
                    var values = new ValueBytes[length - 3];
                    CheckRoom(first, values.Length, ref reader);
                    for (var i = 0; i < values.Length; i++) values[i] = reader.ReadValue("list.value");
                    return Insert(first, at, isLeft, values);
                }
            case ListOperation.Move:
                {
                    if (length % 3 != 0) throw reader.Malformed("list", "a move is cut short");
                    var moves = new ListMove[(length - 3) / 3];
                    CheckRoom(first, moves.Length, ref reader);
                    for (var i = 0; i < moves.Length; i++)
                        moves[i] = new(ReadElement(first, "list.element", ref reader), reader.ReadCounter("list.depth"));
                    return Move(first, at, isLeft, moves);
                }
            default:
                {
                    if (isLeft || at.Counter == 0) throw reader.Malformed("list.element", "it is no element");
                    if (length % 2 != 0) throw reader.Malformed("list", "a dot is cut in half");
                    var value = reader.ReadValue("list.value");
                    return Set(first, at, value, ReadReplaced(at, (length - 4) / 2, ref reader));
                }
        }
    }

    private static Dot[] ReadReplaced(Dot element, int count, ref WireReader reader)
    {
        if (count == 0) return [element];
        var replaced = new Dot[count];
        for (var i = 0; i < count; i++)
        {
            replaced[i] = reader.ReadDot("list.replaced");
            if (i > 0 && replaced[i - 1].CompareTo(replaced[i]) >= 0) throw reader.Malformed("list.replaced", "its dots are not in ascending order");
        }
        return count > 1 || replaced[0] != element ? replaced : throw reader.Malformed("list.replaced", "the element's own dot is written out");
    }

    private static ListDelta ReadDeletion(Dot first, int length, ref WireReader reader)
    {
        if (length > 3) throw reader.Malformed("list", $"a deletion has 2 or 3 elements, not {length}");
        var flat = reader.ReadArrayHeader("list.deleted");
        if (flat % 3 != 0) throw reader.Malformed("list.deleted", "a range is cut short");
        var ranges = new DotRange[flat / 3];
        for (var i = 0; i < ranges.Length; i++)
        {
            var start = reader.ReadDot("list.deleted");
            var extent = reader.ReadUInt64("list.deleted");
            if (extent > Dot.CounterMax - start.Counter) throw reader.Malformed("list.deleted", "a range is longer than a feed");
            ranges[i] = new(start, extent);
            if (i > 0 && !ranges[i - 1].IsBefore(ranges[i])) throw reader.Malformed("list.deleted", "its ranges are not ascending and apart");
        }
        if (length == 2) return ranges.Length > 0 ? Delete(first, ranges, []) : throw reader.Malformed("list.deleted", "nothing is deleted");
        flat = reader.ReadArrayHeader("list.removed");
        if (flat % 3 != 0 || flat == 0) throw reader.Malformed("list.removed", "an element is cut short, or there is none");
        var removals = new ListRemoval[flat / 3];
        for (var i = 0; i < removals.Length; i++)
        {
            removals[i] = new(reader.ReadDot("list.removed"), reader.ReadDots("list.removed"));
            if (removals[i].Lives.Length == 0) throw reader.Malformed("list.removed", "an element is removed that does not live");
            if (i > 0 && !new DotRange(removals[i - 1].Element, 0).IsBefore(new(removals[i].Element, 0))) throw reader.Malformed("list.removed", "its elements are not in ascending order");
        }
        return Delete(first, ranges, removals);
    }

    private static Dot ReadElement(Dot first, string field, ref WireReader reader)
    {
        var dot = ReadReference(first, field, ref reader, out var isLeft);
        return dot.Counter > 0 && !isLeft ? dot : throw reader.Malformed(field, "it is no element");
    }

    private static Dot ReadReference(Dot first, string field, ref WireReader reader, out bool isLeft)
    {
        var replica = reader.ReadReplica(field);
        var number = reader.ReadInt64(field);
        isLeft = number < 0;
        if (number is 0 && replica == first.Replica) return default;
        if (number is 0 or < -(long)Dot.CounterMax or > (long)Dot.CounterMax) throw reader.Malformed(field, $"{number} is no counter");
        var size = (ulong)Math.Abs(number);
        if (replica != first.Replica) return new(replica, size);
        return size < first.Counter ? new(replica, first.Counter - size) : throw reader.Malformed(field, $"{number} leads before the first dot of the feed");
    }

    private static void CheckRoom(Dot first, int count, ref WireReader reader)
    {
        if ((ulong)count > Dot.CounterMax - first.Counter + 1) throw reader.Malformed("list", "its dots are more than a feed has");
    }
}

/// <summary>One element that is moved.</summary>
/// <param name="Element">The dot of its insertion.</param>
/// <param name="Depth">One more than the greatest depth that the author had seen among the moves of the element; an insertion has 0.</param>
internal readonly record struct ListMove(Dot Element, ulong Depth);

/// <summary>One element that is deleted, with its lives that the author saw.</summary>
internal readonly record struct ListRemoval(Dot Element, Dot[] Lives);
