using System.Runtime.InteropServices;

namespace Edge.Sync.Crdts.Sequences;

/// <summary>What became of an element after its insertion: where it was moved, what it was set to, who deleted it.</summary>
/// <remarks>
/// Nothing here needs a context to be joined: a deletion is kept beside the life that it ended, and what a value replaced beside the values. Both
/// go at a compaction.
/// </remarks>
internal sealed class ListElement
{
    /// <summary>The latest dot of each replica that edited the element, ascending by replica. One that nobody ended keeps the element alive.</summary>
    private readonly List<Life> _lives = [];

    /// <summary>Where it may be, ascending: the last is where it is; the others are kept while a move is not stable.</summary>
    private readonly List<Place> _places = [];

    /// <summary>Ascending, so that the last one is shown.</summary>
    private readonly List<ConcurrentValue> _values = [];

    private LatestDots _replaced;

    private ListElement() { }

    /// <summary>An element as it was inserted.</summary>
    public ListElement(Dot dot, int ordinal, ValueBytes value)
    {
        _lives.Add(new(dot, default));
        _places.Add(new(new(0, default, dot), ordinal));
        _values.Add(new(dot, default, value));
    }

    public static ListElement OfParts(List<Life> lives, List<Place> places, List<ConcurrentValue> values, LatestDots replaced)
    {
        var element = new ListElement { _replaced = replaced };
        element._lives.AddRange(lives);
        element._places.AddRange(places);
        element._values.AddRange(values);
        return element;
    }

    public ReadOnlySpan<Life> Lives => CollectionsMarshal.AsSpan(_lives);

    public ReadOnlySpan<Place> Places => CollectionsMarshal.AsSpan(_places);

    public ReadOnlySpan<ConcurrentValue> Values => CollectionsMarshal.AsSpan(_values);

    /// <summary>Up to these, values of the element were replaced.</summary>
    public ReadOnlySpan<Dot> Replaced => _replaced.Span;

    public bool IsAlive
    {
        get
        {
            foreach (ref readonly var life in Lives)
                if (life.EndedBy.Count == 0) return true;
            return false;
        }
    }

    /// <summary>The ordinal of where it is.</summary>
    public int Ordinal => _places[^1].Ordinal;

    public ulong Depth => _places[^1].Key.Depth;

    /// <summary>Whether nothing has happened since the insertion under <paramref name="dot"/>.</summary>
    public bool IsPlain(Dot dot) =>
        _lives.Count == 1 && _lives[0].Dot == dot && _lives[0].EndedBy.Count == 0 && _places.Count == 1 && _places[0].Key.Dot == dot
        && HasInsertedValue(dot) && _replaced.Count == 0;

    /// <summary>The dots that keep it alive, ascending.</summary>
    public Dot[] Alive()
    {
        var dots = new List<Dot>(1);
        foreach (ref readonly var life in Lives)
            if (life.EndedBy.Count == 0) dots.Add(life.Dot);
        dots.Sort();
        return [.. dots];
    }

    /// <summary>The dots of its values, ascending.</summary>
    public Dot[] ValueDots()
    {
        var dots = new Dot[_values.Count];
        for (var i = 0; i < dots.Length; i++) dots[i] = _values[i].Dot;
        Array.Sort(dots);
        return dots;
    }

    public void Move(CausalKey key, int ordinal)
    {
        AddPlace(new(key, ordinal));
        Live(new(key.Dot, default));
    }

    public void Set(ConcurrentValue value, ReadOnlySpan<Dot> replaced)
    {
        foreach (var dot in replaced) _replaced.Include(dot);
        AddValue(value);
        DropReplaced();
        Live(new(value.Dot, default));
    }

    /// <summary>Gives its values, of which dots and times were read, their bytes.</summary>
    public void SetValues(ReadOnlySpan<ValueBytes> values)
    {
        for (var i = 0; i < values.Length; i++) _values[i] = _values[i] with { Value = values[i] };
    }

    /// <summary>Ends a life that the author of a deletion saw; or an earlier one of the same replica, which that one had seen too, where the life is of a void change.</summary>
    public void End(Dot life, Dot by)
    {
        foreach (ref var mine in CollectionsMarshal.AsSpan(_lives))
            if (mine.Dot.Replica == life.Replica && mine.Dot.Counter <= life.Counter) mine.EndedBy.Add(by);
    }

    /// <summary>Ends all lives that somebody had seen.</summary>
    public void Reset(VersionVector seen, Dot by)
    {
        foreach (ref var life in CollectionsMarshal.AsSpan(_lives))
            if (seen.Contains(life.Dot)) life.EndedBy.Add(by);
    }

    /// <summary>Takes in what a peer knows of the same element.</summary>
    /// <param name="other">The element as the peer has it.</param>
    /// <param name="map">From the peer's ordinals to those here.</param>
    public void Join(ListElement other, Func<int, int> map)
    {
        foreach (ref readonly var life in other.Lives) Live(new(life.Dot, life.EndedBy.Clone()));
        foreach (var place in other._places) JoinPlace(place with { Ordinal = map(place.Ordinal) });
        foreach (var dot in other.Replaced) _replaced.Include(dot);
        foreach (var value in other._values) AddValue(value);
        DropReplaced();
    }

    public ListElement Clone(Func<int, int> map)
    {
        var clone = new ListElement();
        clone.Join(this, map);
        return clone;
    }

    /// <summary>Forgets lives that a stable deletion ended, and places that a stable move left; without a life, the element may go. False where all stays.</summary>
    public bool Compact(VersionVector stable)
    {
        var lives = _lives.RemoveAll(life => IsAny(life.EndedBy, stable));
        var first = _places.Count - 1;
        while (first > 0 && !stable.Contains(_places[first].Key.Dot)) first--;
        _places.RemoveRange(0, first);
        return lives > 0 || first > 0;
    }

    /// <summary>Whether a version contains all that is known of the element.</summary>
    public bool IsWithin(VersionVector version)
    {
        foreach (ref readonly var life in Lives)
            if (!version.Contains(life.Dot) || !life.EndedBy.IsWithin(version)) return false;
        foreach (var place in _places)
            if (!version.Contains(place.Key.Dot)) return false;
        foreach (var value in _values)
            if (!version.Contains(value.Dot)) return false;
        return true;
    }

    /// <summary>Whether its one value is the inserted one.</summary>
    public bool HasInsertedValue(Dot name) => _values.Count == 1 && _values[0].Dot == name && _values[0].Stamp == default;

    /// <summary>Names the replicas of its dots, as far as they are written; places are dots of the sequence.</summary>
    public void CollectReplicas(ReplicaTable table, Dot name)
    {
        foreach (ref readonly var life in Lives)
        {
            table.IndexOf(life.Dot.Replica);
            life.EndedBy.CollectReplicas(table);
        }
        if (!HasInsertedValue(name))
            foreach (var value in _values) table.IndexOf(value.Dot.Replica);
        _replaced.CollectReplicas(table);
    }

    /// <summary>Whether it is one that edits lead to: all in order, nothing that was replaced among the values, an insertion only at the start.</summary>
    public bool IsSound(Dot dot, int home)
    {
        if (_lives.Count == 0 || _places.Count == 0 || IsPlain(dot)) return false;
        for (var i = 1; i < _lives.Count; i++)
            if (_lives[i - 1].Dot.Replica >= _lives[i].Dot.Replica) return false;
        for (var i = 0; i < _places.Count; i++)
        {
            if (i > 0 && _places[i - 1].Key.CompareTo(_places[i].Key) >= 0) return false;
            if ((_places[i].Key.Depth == 0) != (_places[i].Ordinal == home) || (_places[i].Key.Depth == 0 && _places[i].Key.Stamp != default)) return false;
        }
        for (var i = 0; i < _values.Count; i++)
            if ((i > 0 && _values[i - 1].CompareTo(_values[i]) >= 0) || _replaced.Covers(_values[i].Dot)) return false;
        return true;
    }

    private void Live(Life life)
    {
        var index = 0;
        while (index < _lives.Count && _lives[index].Dot.Replica < life.Dot.Replica) index++;
        if (index == _lives.Count || _lives[index].Dot.Replica != life.Dot.Replica)
        {
            _lives.Insert(index, life);
            return;
        }
        ref var mine = ref CollectionsMarshal.AsSpan(_lives)[index];
        if (mine.Dot.Counter < life.Dot.Counter) mine = life;
        else if (mine.Dot.Counter == life.Dot.Counter)
            foreach (var by in life.EndedBy.Span) mine.EndedBy.Add(by);
    }

    private void JoinPlace(Place place)
    {
        // A place has one key; where a damaged state tells another, the greater is taken on every side.
        var index = _places.FindIndex(mine => mine.Ordinal == place.Ordinal);
        if (index >= 0)
        {
            if (_places[index].Key.CompareTo(place.Key) >= 0) return;
            _places.RemoveAt(index);
        }
        AddPlace(place);
    }

    private void AddPlace(Place place)
    {
        var index = _places.Count;
        while (index > 0 && _places[index - 1].Key.CompareTo(place.Key) > 0) index--;
        if (index == 0 || _places[index - 1].Key != place.Key) _places.Insert(index, place);
    }

    private void AddValue(ConcurrentValue value)
    {
        var index = _values.Count;
        while (index > 0 && _values[index - 1].CompareTo(value) > 0) index--;
        if (index == 0 || _values[index - 1].CompareTo(value) != 0) _values.Insert(index, value);
    }

    private void DropReplaced()
    {
        var left = 0;
        for (var i = 0; i < _values.Count; i++)
            if (!_replaced.Covers(_values[i].Dot)) _values[left++] = _values[i];
        _values.RemoveRange(left, _values.Count - left);
    }

    private static bool IsAny(DotSet dots, VersionVector version)
    {
        foreach (var dot in dots.Span)
            if (version.Contains(dot)) return true;
        return false;
    }

    /// <summary>An edit that keeps the element alive, unless deletions that had seen it ended that.</summary>
    internal struct Life(Dot dot, DotSet endedBy)
    {
        public readonly Dot Dot = dot;
        public DotSet EndedBy = endedBy;
    }

    /// <summary>A move, or the insertion, and the place that it made.</summary>
    internal readonly record struct Place(CausalKey Key, int Ordinal);
}
