namespace Edge.Sync.Crdts;

/// <summary>
/// The latest dot of each replica, ascending by replica. It stands for the replica's earlier ones too: who had seen it had seen them, so whatever
/// removes it removes them.
/// </summary>
/// <remarks>A mutable struct: keep it in one place and reach it by reference.</remarks>
internal struct LatestDots
{
    private Dot[]? _dots;

    public int Count { get; private set; }

    public readonly ReadOnlySpan<Dot> Span => _dots.AsSpan(0, Count);

    public readonly LatestDots Clone() => new() { _dots = _dots?[..Count], Count = Count };

    public void Include(Dot dot)
    {
        var index = Find(dot.Replica);
        if (index >= 0)
        {
            if (_dots![index].Counter < dot.Counter) _dots[index] = dot;
            return;
        }
        index = ~index;
        if (_dots is null || _dots.Length == Count) Array.Resize(ref _dots, Math.Max(1, Count * 2));
        _dots.AsSpan(index, Count - index).CopyTo(_dots.AsSpan(index + 1));
        _dots[index] = dot;
        Count++;
    }

    /// <summary>The latest dot of one replica; counter 0 where it has none.</summary>
    public readonly Dot Of(ReplicaId replica) => Find(replica) is >= 0 and var index ? _dots![index] : default;

    /// <summary>Whether the dot of the same replica is this one or a later one.</summary>
    public readonly bool Covers(Dot dot) => Find(dot.Replica) is >= 0 and var index && _dots![index].Counter >= dot.Counter;

    /// <summary>Takes away the dots that <paramref name="seen"/> contains.</summary>
    public void Reset(VersionVector seen)
    {
        var left = 0;
        for (var i = 0; i < Count; i++)
            if (!seen.Contains(_dots![i])) _dots[left++] = _dots[i];
        Truncate(left);
    }

    /// <summary>Takes away the dots up to those of <paramref name="removed"/>, which are in any order.</summary>
    public void RemoveUpTo(ReadOnlySpan<Dot> removed)
    {
        if (removed.Length > 16)
        {
            var seen = new VersionVector();
            foreach (var dot in removed)
                seen.Include(dot);
            Reset(seen);
            return;
        }
        foreach (var dot in removed)
        {
            var index = Find(dot.Replica);
            if (index < 0 || _dots![index].Counter > dot.Counter) continue;
            _dots.AsSpan(index + 1, Count - index - 1).CopyTo(_dots.AsSpan(index));
            Truncate(Count - 1);
        }
    }

    public void Join(ref readonly LatestDots other, CausalContext ours, CausalContext theirs)
    {
        var left = 0;
        for (var i = 0; i < Count; i++)
            if (other.Find(_dots![i].Replica) >= 0 || !theirs.Contains(_dots[i])) _dots[left++] = _dots[i];
        Truncate(left);
        foreach (var dot in other.Span)
            if (Find(dot.Replica) >= 0 || !ours.Contains(dot)) Include(dot);
    }

    /// <summary>The dots that <paramref name="peer"/> lacks; the others are added to <paramref name="kept"/>.</summary>
    public readonly LatestDots Unseen(VersionVector peer, HashSet<Dot> kept)
    {
        var unseen = default(LatestDots);
        foreach (var dot in Span)
            if (peer.Contains(dot)) kept.Add(dot);
            else unseen.Include(dot);
        return unseen;
    }

    /// <summary>The dots in the order in which bytes list them.</summary>
    public readonly Dot[] ToDotOrder()
    {
        var dots = Span.ToArray();
        Array.Sort(dots);
        return dots;
    }

    public readonly void CollectReplicas(ReplicaTable table)
    {
        foreach (var dot in Span)
            table.IndexOf(dot.Replica);
    }

    /// <summary>A flat array of (replica, counter), by ascending replica.</summary>
    public readonly void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(Count * 2);
        foreach (var dot in Span)
            writer.WriteDot(dot);
    }

    public static LatestDots Read(ref WireReader reader, string field)
    {
        var length = reader.ReadArrayHeader(field);
        if (length % 2 != 0) throw reader.Malformed(field, "a dot is cut in half");
        if (length == 0) return default;
        var dots = new LatestDots { _dots = new Dot[length / 2] };
        for (; dots.Count < length / 2; dots.Count++)
        {
            var dot = reader.ReadDot(field);
            if (dots.Count > 0 && dots._dots[dots.Count - 1].Replica >= dot.Replica) throw reader.Malformed(field, "its replicas are not in ascending order");
            dots._dots[dots.Count] = dot;
        }
        return dots;
    }

    public readonly void Check()
    {
        for (var i = 0; i < Count; i++)
        {
            if (_dots![i].Counter is 0 or > Dot.CounterMax) throw new InvalidOperationException($"{_dots[i]} is no dot.");
            if (i > 0 && _dots[i - 1].Replica >= _dots[i].Replica) throw new InvalidOperationException("Replicas are not in ascending order.");
        }
    }

    private readonly int Find(ReplicaId replica)
    {
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = _dots![middle].Replica.CompareTo(replica);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return ~low;
    }

    private void Truncate(int count)
    {
        Count = count;
        if (count == 0) _dots = null;
    }
}
