using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>A list of values in which elements are inserted, set, moved and deleted.</summary>
/// <remarks>
/// <para>Who wins: insertions at one place stand one after the other, each run whole. Two who set one element: the later by hybrid time is shown, then
/// the greater replica id; the other value is kept beside it. Two who move one element: it is in one place, that of the move behind the other in
/// the one order of moves (<see cref="CausalKey"/>): one that had seen the other, else the later. A deletion takes what its author had seen: Alice
/// deletes "milk" while Bob sets it to "oat milk" or moves it: it is there, as Bob left it.</para>
/// <para>A place is a dot in a <see cref="FugueTree"/>; only the one where an element is, is visible. An element is the dot of its insertion, with
/// values as in a <see cref="RegisterState"/>, its places by the order of moves, and its lives. Source: Kleppmann, "Moving Elements in List CRDTs"
/// (PaPoC 2020), with a key that extends causality whatever the clocks say.</para>
/// <para>What is deleted stays until a compaction: see <see cref="Compact"/>.</para>
/// </remarks>
internal sealed partial class ListState : DotState, IResettable
{
    /// <summary>As many places as one list holds, those included where nothing is any more.</summary>
    public const int PlacesMax = 1 << 24;

    private static readonly SurrogatePairs s_noPairs = new();
    private static readonly ValueBytes s_nil = new([0xC0]);

    private DotTable _dots = new();
    private RunTable _runs = new();
    private RunOrder _order;
    private FugueTree _tree;
    private ListElements _elements = new();

    public ListState()
    {
        _order = new(_runs);
        _tree = new(_runs, _order, _dots);
    }

    public override CrdtKind Kind => CrdtKind.List;

    public override bool IsEmpty => _dots.OrdinalEnd == 1;

    /// <summary>How many elements there are to be seen.</summary>
    public int Count => _order.Width;

    /// <summary>The value that is shown at an index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public ValueBytes this[int index]
    {
        get
        {
            var item = _elements.Items[NumberAt(index)];
            return item.Element is not { } element ? item.Value : element.Values.Length > 0 ? element.Values[^1].Value : s_nil;
        }
    }

    /// <summary>The dot that names the element at an index: that of its insertion, whatever became of it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public Dot ElementAt(int index) => NameOf(NumberAt(index));

    /// <summary>All concurrent values of an element, ascending: the last is shown, the others are the conflict. An inserted value has no time.</summary>
    /// <remarks>None where an edit that no honest replica writes has replaced it by nothing: nil is shown.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public ConcurrentValue[] Values(int index)
    {
        var number = NumberAt(index);
        var item = _elements.Items[number];
        return item.Element is { } element ? element.Values.ToArray() : [new(NameOf(number), default, item.Value)];
    }

    /// <summary>All values that are shown, in order.</summary>
    public ValueBytes[] ToArray()
    {
        var values = new ValueBytes[Count];
        for (var i = 0; i < values.Length; i++) values[i] = this[i];
        return values;
    }

    /// <exception cref="EdgeDataException">The delta refers to places or elements that are not there. Nothing is changed.</exception>
    public override void Join(Delta delta, HybridTimestamp stamp)
    {
        var list = (ListDelta)delta;
        switch (list.Operation)
        {
            case ListOperation.Insert: JoinInsertion(list); break;
            case ListOperation.Move: JoinMove(list, stamp); break;
            case ListOperation.Set: JoinSet(list, stamp); break;
            default: JoinDeletion(list); break;
        }
    }

    /// <remarks>The places of a void move are those of elements that nobody sees: an element's own are only those that it may be at.</remarks>
    public override void JoinVoid(Delta delta, HybridTimestamp stamp)
    {
        var list = (ListDelta)delta;
        if (list.Operation is not (ListOperation.Insert or ListOperation.Move)) return;
        var values = list.Operation == ListOperation.Insert ? list.Values.ToArray() : Enumerable.Repeat(s_nil, list.DotCount).ToArray();
        if (_dots.OrdinalOf(list.First) > 0) return;
        JoinInsertion(ListDelta.Insert(list.First, list.At, list.IsLeftChild, values));
        for (var i = 0; i < values.Length; i++)
        {
            var dot = list.First.Plus((ulong)i);
            End(CheckedElement(dot), dot, list.First);
        }
    }

    private void JoinInsertion(ListDelta delta)
    {
        if (!TryPlace(delta, delta.Values.Length, out var ordinal)) return;
        foreach (var value in delta.Values) _elements.Add(ordinal++, value);
    }

    private void JoinMove(ListDelta delta, HybridTimestamp stamp)
    {
        foreach (var move in delta.Moves) CheckedElement(move.Element);
        if (!TryPlace(delta, delta.Moves.Length, out var ordinal)) return;
        for (var i = 0; i < delta.Moves.Length; i++, ordinal++)
        {
            var (name, depth) = delta.Moves[i];
            var number = CheckedElement(name);
            _elements.AddPlace(ordinal, number);
            var before = VisibleOrdinal(number);
            EditableElement(number).Move(new(depth, stamp, delta.First.Plus((ulong)i)), ordinal);
            if (VisibleOrdinal(number) != ordinal) SetVisible(ordinal, false);
            Show(number, before);
        }
    }

    private void JoinSet(ListDelta delta, HybridTimestamp stamp)
    {
        var number = CheckedElement(delta.At);
        var before = VisibleOrdinal(number);
        EditableElement(number).Set(new(delta.First, stamp, delta.Values[0]), delta.Replaced);
        Show(number, before);
    }

    private void JoinDeletion(ListDelta delta)
    {
        if (!delta.IsCut)
            foreach (var range in delta.Ranges)
            {
                CheckedElement(range.First);
                CheckedElement(range.First.Plus(range.Extent));
            }
        foreach (var removal in delta.Removals) CheckedElement(removal.Element);
        foreach (var range in delta.IsCut ? _dots.Trim(delta.Ranges) : delta.Ranges)
            for (var ordinal = _dots.OrdinalOf(range.First); ordinal >= 0 && _dots.DotOf(ordinal) is var dot && dot.Counter <= range.LastCounter; ordinal = _dots.Following(ordinal))
                if (_elements.AtHome(ordinal) is >= 0 and var number) End(number, dot, delta.First);
        foreach (var removal in delta.Removals)
            foreach (var life in removal.Lives) End(CheckedElement(removal.Element), life, delta.First);
    }

    /// <summary>Makes the new places of a delta, which are visible then; false where they are there already.</summary>
    private bool TryPlace(ListDelta delta, int count, out int ordinal)
    {
        CheckRoom(count);
        var parent = delta.At.Counter == 0 ? 0 : _dots.OrdinalOf(delta.At);
        if (parent < 0) throw Refused("list.place", $"there is no place {delta.At}");
        ordinal = _runs.OrdinalEnd;
        if (!_dots.TryAppend(ordinal, delta.First, count))
        {
            var first = _dots.OrdinalOf(delta.First);
            if (first >= 0 && _dots.OrdinalOf(delta.First.Plus((ulong)count - 1)) == first + count - 1) return false;
            throw Refused("list.first", $"dot {delta.First} comes after counter {_dots.CounterMax(delta.First.Replica)} of its replica");
        }
        _tree.Place(_runs.Find(parent), count, parent, delta.IsLeftChild);
        return true;
    }

    private void End(int number, Dot life, Dot by)
    {
        var before = VisibleOrdinal(number);
        EditableElement(number).End(life, by);
        Show(number, before);
    }

    private int CheckedElement(Dot name) =>
        _dots.OrdinalOf(name) is > 0 and var ordinal && _elements.AtHome(ordinal) is >= 0 and var number ? number : throw Refused("list.element", $"there is no element {name}");

    private void CheckRoom(int count)
    {
        if (_runs.OrdinalEnd > PlacesMax - count)
            throw new EdgeDataException($"A list has at most {PlacesMax} places, those included where nothing is any more. Continue in a new document.", "list.place", code: EdgeErrorCode.LimitExceeded);
    }

    private Dot NameOf(int number) => _dots.DotOf(_elements.Items[number].Home);

    private int NumberAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var handle = _order.Find(index, out var offset);
        return _elements.At(_runs[handle].First + offset);
    }

    private ListElement EditableElement(int number)
    {
        ref var item = ref _elements.Items[number];
        return item.Element ??= new(_dots.DotOf(item.Home), item.Home, item.Value);
    }

    /// <summary>Where an element is to be seen; -1 for one that is deleted.</summary>
    private int VisibleOrdinal(int number)
    {
        ref readonly var item = ref _elements.Items[number];
        return item.Element is not { } element ? item.Home : element.IsAlive ? element.Ordinal : -1;
    }

    private void Show(int number, int before)
    {
        var after = VisibleOrdinal(number);
        if (before >= 0 && before != after) SetVisible(before, false);
        if (after >= 0) SetVisible(after, true);
        Simplify(number);
    }

    /// <summary>A deletion of what is not there leaves an element as it was inserted, which has one form.</summary>
    private void Simplify(int number)
    {
        ref var item = ref _elements.Items[number];
        if (item.Element is { } element && element.IsPlain(NameOf(number))) (item.Value, item.Element) = (element.Values[0].Value, null);
    }

    private void SetVisible(int ordinal, bool isVisible)
    {
        var handle = _runs.Find(ordinal);
        if (_runs[handle].IsDeleted != isVisible) return;
        if (isVisible) _tree.Restore(handle, ordinal - _runs[handle].First, 1);
        else _tree.Delete(handle, ordinal - _runs[handle].First, 1);
    }

    private static EdgeDataException Refused(string field, string problem) => new($"A list delta was refused, and nothing changed: {problem}.", field);
}
