using System.Diagnostics.CodeAnalysis;

namespace Edge.Sync.Causality;

/// <summary>
/// The highest counter held of each replica; everything below it is held too, since feeds have no gaps.
/// </summary>
/// <remarks>Not safe for use by several threads at once.</remarks>
[SuppressMessage("Naming", "CA1710", Justification = "The field's word is vector.")]
internal sealed class VersionVector : IEquatable<VersionVector>
{
    private readonly Dictionary<ReplicaId, ulong> _counters;

    public VersionVector() => _counters = [];

    public VersionVector(VersionVector other) => _counters = new(other._counters);

    /// <summary>How many replicas have written at all.</summary>
    public int Count => _counters.Count;

    /// <summary>The highest counter held of <paramref name="replica"/>; 0 for one that is not known.</summary>
    public ulong this[ReplicaId replica] => _counters.GetValueOrDefault(replica);

    public bool Contains(Dot dot) => dot.Counter <= this[dot.Replica];

    /// <summary>Raises the entry of <paramref name="dot"/>'s replica; never lowers one.</summary>
    public void Include(Dot dot)
    {
        if (dot.Counter > this[dot.Replica])
            _counters[dot.Replica] = dot.Counter;
    }

    /// <summary>Sets the entry of <paramref name="dot"/>'s replica, also to a lower counter; 0 takes it away. For a feed whose end got another name.</summary>
    public void Set(Dot dot)
    {
        if (dot.Counter == 0) _counters.Remove(dot.Replica);
        else _counters[dot.Replica] = dot.Counter;
    }

    /// <summary>The least upper bound of both.</summary>
    public void Join(VersionVector other)
    {
        foreach (var (replica, counter) in other._counters)
            Include(new(replica, counter));
    }

    /// <summary>Whether this vector holds all that <paramref name="other"/> holds.</summary>
    public bool Covers(VersionVector other)
    {
        foreach (var (replica, counter) in other._counters)
            if (this[replica] < counter) return false;
        return true;
    }

    /// <summary>The entries by ascending replica: the one canonical order.</summary>
    public List<Dot> ToSortedList()
    {
        var list = new List<Dot>(_counters.Count);
        foreach (var (replica, counter) in _counters)
            list.Add(new(replica, counter));
        list.Sort(static (a, b) => a.Replica.CompareTo(b.Replica));
        return list;
    }

    public bool Equals(VersionVector? other) => other is not null && Covers(other) && other.Covers(this);

    public override bool Equals(object? obj) => Equals(obj as VersionVector);

    public override int GetHashCode()
    {
        var hash = 0;
        foreach (var (replica, counter) in _counters)
            hash ^= HashCode.Combine(replica, counter);
        return hash;
    }

    public override string ToString() => $"{{{string.Join(", ", ToSortedList())}}}";
}
