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
    private struct Stretch
    {
        public int First;
        public int Length;
        public int Replica;
        public uint Step;
        public ulong Counter;

        public readonly ulong CounterOf(int ordinal) => Counter + (ulong)(uint)(ordinal - First) * Step;
    }

    private struct Replica
    {
        public ReplicaId Id;
        public ulong CounterMax;
        public int[] Stretches;
        public int StretchCount;
    }

    private readonly Dictionary<ReplicaId, int> _numbers = [];
    private Replica[] _replicas = new Replica[1];
    private Stretch[] _stretches = new Stretch[4];
    private int _count;
    private int _recent;

    /// <summary>The ordinal after the last one that has a dot.</summary>
    public int OrdinalEnd => _count == 0 ? 1 : _stretches[_count - 1].First + _stretches[_count - 1].Length;

    public int ReplicaCount => _numbers.Count;

    public ReplicaId ReplicaAt(int number) => _replicas[number].Id;

    /// <summary>The highest counter of a character by <paramref name="replica"/>; 0 where it wrote none.</summary>
    public ulong CounterMax(ReplicaId replica) => _numbers.TryGetValue(replica, out var number) ? _replicas[number].CounterMax : 0;

    /// <summary>Gives the ordinals from <paramref name="ordinal"/> on, the next free one, to the dots from <paramref name="first"/> on.</summary>
    public void Append(int ordinal, Dot first, int length, uint step = 1)
    {
        var number = NumberOf(first.Replica);
        ref var replica = ref _replicas[number];
        replica.CounterMax = first.Counter + (ulong)(length - 1) * step;
        if (_count > 0)
        {
            ref var last = ref _stretches[_count - 1];
            if (last.Replica == number)
            {
                var gap = first.Counter - last.CounterOf(last.First + last.Length - 1);
                if ((gap == last.Step && (step == gap || length == 1)) || (last.Length == 1 && gap <= uint.MaxValue && (length == 1 || step == gap)))
                {
                    last.Step = (uint)gap;
                    last.Length += length;
                    return;
                }
            }
        }
        if (_count == _stretches.Length) Array.Resize(ref _stretches, _count * 2);
        _stretches[_count] = new Stretch { First = ordinal, Length = length, Replica = number, Step = step, Counter = first.Counter };
        if (replica.StretchCount == replica.Stretches.Length) Array.Resize(ref replica.Stretches, replica.StretchCount * 2);
        replica.Stretches[replica.StretchCount++] = _count;
        _recent = _count++;
    }

    public Dot DotOf(int ordinal)
    {
        ref readonly var stretch = ref _stretches[StretchOf(ordinal)];
        return new(_replicas[stretch.Replica].Id, stretch.CounterOf(ordinal));
    }

    /// <summary>The ordinal of <paramref name="dot"/>; -1 where it is no character of this text.</summary>
    public int OrdinalOf(Dot dot)
    {
        var index = StretchAtOrBefore(dot);
        if (index < 0) return -1;
        ref readonly var stretch = ref _stretches[index];
        var (offset, rest) = Math.DivRem(dot.Counter - stretch.Counter, stretch.Step);
        return rest == 0 && offset < (ulong)stretch.Length ? stretch.First + (int)offset : -1;
    }

    /// <summary>The number of the replica that wrote <paramref name="ordinal"/>, and how many ordinals from it on are one stretch.</summary>
    public int ReplicaOf(int ordinal, out int length)
    {
        ref readonly var stretch = ref _stretches[StretchOf(ordinal)];
        length = stretch.First + stretch.Length - ordinal;
        return stretch.Replica;
    }

    /// <summary>How many consecutive ordinals from <paramref name="ordinal"/> on are one replica's, with counters up to <paramref name="counterMax"/>.</summary>
    public int LengthUpTo(int ordinal, ulong counterMax)
    {
        ref readonly var stretch = ref _stretches[StretchOf(ordinal)];
        var steps = (counterMax - stretch.CounterOf(ordinal)) / stretch.Step;
        return (int)Math.Min(steps + 1, (ulong)(stretch.First + stretch.Length - ordinal));
    }

    /// <summary>The next character of the same replica; -1 where there is none.</summary>
    public int Following(int ordinal)
    {
        var index = StretchOf(ordinal);
        if (ordinal + 1 < _stretches[index].First + _stretches[index].Length) return ordinal + 1;
        ref readonly var replica = ref _replicas[_stretches[index].Replica];
        var place = Array.BinarySearch(replica.Stretches, 0, replica.StretchCount, index) + 1;
        return place < replica.StretchCount ? _stretches[replica.Stretches[place]].First : -1;
    }

    /// <summary>The order of siblings, from the parent outwards: by replica, and the later of one replica first.</summary>
    public int CompareSiblings(int ordinal, int other)
    {
        ref readonly var a = ref _stretches[StretchOf(ordinal)];
        ref readonly var b = ref _stretches[StretchOf(other)];
        if (a.Replica == b.Replica) return other.CompareTo(ordinal);
        return _replicas[a.Replica].Id.CompareTo(_replicas[b.Replica].Id);
    }

    /// <summary>The stretches of replica <paramref name="number"/> in ascending order: ordinal, counter, step, length.</summary>
    public IEnumerable<(int First, ulong Counter, uint Step, int Length)> StretchesOf(int number)
    {
        for (var i = 0; i < _replicas[number].StretchCount; i++)
        {
            var stretch = _stretches[_replicas[number].Stretches[i]];
            yield return (stretch.First, stretch.Counter, stretch.Step, stretch.Length);
        }
    }

    private int NumberOf(ReplicaId id)
    {
        ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, id, out var exists);
        if (exists) return slot;
        slot = _numbers.Count - 1;
        if (slot == _replicas.Length) Array.Resize(ref _replicas, slot * 2);
        _replicas[slot] = new Replica { Id = id, Stretches = new int[1] };
        return slot;
    }

    private int StretchOf(int ordinal)
    {
        ref readonly var recent = ref _stretches[_recent];
        if ((uint)(ordinal - recent.First) < (uint)recent.Length) return _recent;
        int low = 0, high = _count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) >> 1;
            if (_stretches[middle].First <= ordinal) low = middle;
            else high = middle - 1;
        }
        return _recent = low;
    }

    private int StretchAtOrBefore(Dot dot)
    {
        if (!_numbers.TryGetValue(dot.Replica, out var number)) return -1;
        ref readonly var replica = ref _replicas[number];
        if (dot.Counter > replica.CounterMax) return -1;
        int low = 0, high = replica.StretchCount - 1;
        if (_stretches[replica.Stretches[high]].Counter <= dot.Counter) return replica.Stretches[high];
        while (low < high)
        {
            var middle = (low + high + 1) >> 1;
            if (_stretches[replica.Stretches[middle]].Counter <= dot.Counter) low = middle;
            else high = middle - 1;
        }
        return _stretches[replica.Stretches[low]].Counter <= dot.Counter ? replica.Stretches[low] : -1;
    }
}
