using System.Runtime.InteropServices;

namespace Edge.Sync.Crdts.Sequences;

/// <summary>Which dot each ordinal stands for, and back.</summary>
/// <remarks>
/// Held as stretches: equal steps of one replica's counter. A keystroke that is a change of its own takes a second dot for the document's
/// existence, so typing gives steps of 2, not 1. A replica's dots arrive in ascending order, since its feed does. Ordinal 0, the root, has
/// no dot.
/// </remarks>
internal sealed class DotTable
{
    private struct Replica
    {
        public ReplicaId Id;
        public ulong CounterMax;
        public int[] Stretches;
        public int StretchCount;
    }

    private readonly Dictionary<ReplicaId, int> _numbers = [];
    private Replica[] _replicas = new Replica[1];
    private DotStretch[] _stretches = new DotStretch[1];
    private int _count;

    // One author types most of the time: what was asked for last is asked for next.
    private int _recentStretch;
    private int _recentReplica;

    /// <summary>The ordinal after the last one that has a dot.</summary>
    public int OrdinalEnd => _count == 0 ? 1 : _stretches[_count - 1].End;

    public int ReplicaCount => _numbers.Count;

    public int StretchCount => _count;

    public ReplicaId ReplicaAt(int number) => _replicas[number].Id;

    public ref readonly DotStretch StretchAt(int index) => ref _stretches[index];

    /// <summary>The indexes of the stretches of replica <paramref name="number"/>, by ascending counter.</summary>
    public ReadOnlySpan<int> StretchesOf(int number) => _replicas[number].Stretches.AsSpan(0, _replicas[number].StretchCount);

    /// <summary>The highest counter of a character by <paramref name="replica"/>; 0 where it wrote none.</summary>
    public ulong CounterMax(in ReplicaId replica) => NumberOf(replica) is >= 0 and var number ? _replicas[number].CounterMax : 0;

    /// <summary>The lowest counter of a character by <paramref name="replica"/>; the greatest number where it wrote none.</summary>
    public ulong CounterMin(in ReplicaId replica) => NumberOf(replica) is >= 0 and var number ? _stretches[_replicas[number].Stretches[0]].Counter : ulong.MaxValue;

    /// <summary>Gives the ordinals from <paramref name="ordinal"/> on, the next free one, to the dots from <paramref name="first"/> on; false where these are not new.</summary>
    public bool TryAppend(int ordinal, in Dot first, int length, uint step = 1)
    {
        var number = NumberOf(first.Replica);
        if (number < 0) number = Add(first.Replica);
        ref var replica = ref _replicas[number];
        if (first.Counter <= replica.CounterMax) return false;
        var gap = first.Counter - replica.CounterMax;
        replica.CounterMax = first.Counter + (ulong)(length - 1) * step;
        if (_count > 0)
        {
            ref var last = ref _stretches[_count - 1];
            if (last.Replica == number
                && ((gap == last.Step && (step == gap || length == 1)) || (last.Length == 1 && gap <= uint.MaxValue && (length == 1 || step == gap))))
            {
                last.Step = (uint)gap;
                last.Length += length;
                return true;
            }
        }
        AddStretch(ref replica, new() { First = ordinal, Length = length, Replica = number, Step = step, Counter = first.Counter });
        return true;
    }

    /// <summary>Gives the ordinals from <paramref name="ordinal"/> on to a piece of another table, whose dots must be new here.</summary>
    public void Append(int ordinal, DotTable other, Piece piece)
    {
        var step = piece.Length > 1 ? other.StretchAt(other.StretchOf(piece.Ordinal)).Step : 1;
        var dot = other.DotOf(piece.Ordinal);
        if (!TryAppend(ordinal, dot, piece.Length, step)) throw new InvalidOperationException($"Dot {dot} does not follow those of its replica.");
    }

    /// <summary>Whether the counter of <paramref name="ordinal"/> is beyond its replica's, which are given by number.</summary>
    public bool IsAfter(int ordinal, ulong[] counters)
    {
        ref readonly var stretch = ref _stretches[StretchOf(ordinal)];
        return stretch.CounterOf(ordinal) > counters[stretch.Replica];
    }

    public Dot DotOf(int ordinal)
    {
        ref readonly var stretch = ref _stretches[StretchOf(ordinal)];
        return new(_replicas[stretch.Replica].Id, stretch.CounterOf(ordinal));
    }

    /// <summary>The ordinal of <paramref name="dot"/>; -1 where it is no character of this text.</summary>
    public int OrdinalOf(in Dot dot)
    {
        var number = NumberOf(dot.Replica);
        if (number < 0 || dot.Counter > _replicas[number].CounterMax) return -1;
        ref readonly var recent = ref _stretches[_recentStretch];
        var index = recent.Replica == number && dot.Counter >= recent.Counter && dot.Counter <= recent.CounterOf(recent.End - 1)
            ? _recentStretch
            : StretchAtOrBefore(number, dot.Counter);
        if (index < 0) return -1;
        ref readonly var stretch = ref _stretches[index];
        if (stretch.Step == 1)
        {
            var distance = dot.Counter - stretch.Counter;
            return distance < (ulong)stretch.Length ? stretch.First + (int)distance : -1;
        }
        var (offset, rest) = Math.DivRem(dot.Counter - stretch.Counter, stretch.Step);
        return rest == 0 && offset < (ulong)stretch.Length ? stretch.First + (int)offset : -1;
    }

    /// <summary>Of each range the part from its first character of this text to its last; none where there is none in it.</summary>
    public DotRange[] Trim(ReadOnlySpan<DotRange> ranges)
    {
        var trimmed = new List<DotRange>(ranges.Length);
        foreach (var range in ranges)
            if (NumberOf(range.First.Replica) is >= 0 and var number && Ceiling(number, range.First.Counter) is { } first && Floor(number, range.LastCounter) is { } last && first <= last)
                trimmed.Add(new(new(range.First.Replica, first), last - first));
        return [.. trimmed];
    }

    /// <summary>The least counter of a character of replica <paramref name="number"/> that is not below <paramref name="counter"/>.</summary>
    private ulong? Ceiling(int number, ulong counter)
    {
        var stretches = StretchesOf(number);
        var index = StretchAtOrBefore(number, counter);
        if (index >= 0 && _stretches[index].CounterOf(_stretches[index].End - 1) >= counter)
        {
            ref readonly var stretch = ref _stretches[index];
            return stretch.Counter + (counter - stretch.Counter + stretch.Step - 1) / stretch.Step * stretch.Step;
        }
        var next = index < 0 ? 0 : stretches.BinarySearch(index) + 1;
        return next < stretches.Length ? _stretches[stretches[next]].Counter : null;
    }

    /// <summary>The greatest counter of a character of replica <paramref name="number"/> that is not above <paramref name="counter"/>.</summary>
    private ulong? Floor(int number, ulong counter)
    {
        var index = StretchAtOrBefore(number, counter);
        if (index < 0) return null;
        ref readonly var stretch = ref _stretches[index];
        return Math.Min(stretch.CounterOf(stretch.End - 1), stretch.Counter + (counter - stretch.Counter) / stretch.Step * stretch.Step);
    }

    /// <summary>The index of the stretch that holds <paramref name="ordinal"/>.</summary>
    public int StretchOf(int ordinal)
    {
        ref readonly var recent = ref _stretches[_recentStretch];
        if ((uint)(ordinal - recent.First) < (uint)recent.Length) return _recentStretch;
        int low = 0, high = _count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) >> 1;
            if (_stretches[middle].First <= ordinal) low = middle;
            else high = middle - 1;
        }
        return _recentStretch = low;
    }

    /// <summary>How many consecutive ordinals from <paramref name="ordinal"/> on are one replica's, with counters up to <paramref name="counterMax"/>.</summary>
    public int LengthUpTo(int ordinal, ulong counterMax)
    {
        ref readonly var stretch = ref _stretches[StretchOf(ordinal)];
        var steps = (counterMax - stretch.CounterOf(ordinal)) / stretch.Step;
        return (int)Math.Min(steps + 1, (ulong)(stretch.End - ordinal));
    }

    /// <summary>The next character of the same replica; -1 where there is none.</summary>
    public int Following(int ordinal)
    {
        var index = StretchOf(ordinal);
        if (ordinal + 1 < _stretches[index].End) return ordinal + 1;
        var stretches = StretchesOf(_stretches[index].Replica);
        var place = stretches.BinarySearch(index) + 1;
        return place < stretches.Length ? _stretches[stretches[place]].First : -1;
    }

    /// <summary>The order of siblings, from the parent outwards: by replica, and the later of one replica first.</summary>
    public int CompareSiblings(int ordinal, int other)
    {
        var a = _stretches[StretchOf(ordinal)].Replica;
        var b = _stretches[StretchOf(other)].Replica;
        return a == b ? other.CompareTo(ordinal) : _replicas[a].Id.CompareTo(_replicas[b].Id);
    }

    /// <summary>The numbers of all replicas, by ascending id.</summary>
    public int[] NumbersById()
    {
        var numbers = new int[ReplicaCount];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = i;
        if (numbers.Length > 1) Array.Sort(numbers, (a, b) => _replicas[a].Id.CompareTo(_replicas[b].Id));
        return numbers;
    }

    private int NumberOf(in ReplicaId id)
    {
        if (_replicas[_recentReplica].Id == id && _count > 0) return _recentReplica;
        return _numbers.TryGetValue(id, out var number) ? _recentReplica = number : -1;
    }

    private void AddStretch(ref Replica replica, in DotStretch stretch)
    {
        if (_count == _stretches.Length) Array.Resize(ref _stretches, _count * 2);
        _stretches[_count] = stretch;
        if (replica.StretchCount == replica.Stretches.Length) Array.Resize(ref replica.Stretches, replica.StretchCount * 2);
        replica.Stretches[replica.StretchCount++] = _count;
        _recentStretch = _count++;
    }

    private int Add(in ReplicaId id)
    {
        var number = _numbers.Count;
        _numbers.Add(id, number);
        if (number == _replicas.Length) Array.Resize(ref _replicas, number * 2);
        _replicas[number] = new Replica { Id = id, Stretches = new int[1] };
        return number;
    }

    private int StretchAtOrBefore(int number, ulong counter)
    {
        var stretches = StretchesOf(number);
        int low = 0, high = stretches.Length - 1;
        if (_stretches[stretches[high]].Counter <= counter) return _recentStretch = stretches[high];
        while (low < high)
        {
            var middle = (low + high + 1) >> 1;
            if (_stretches[stretches[middle]].Counter <= counter) low = middle;
            else high = middle - 1;
        }
        return _stretches[stretches[low]].Counter <= counter ? _recentStretch = stretches[low] : -1;
    }
}
