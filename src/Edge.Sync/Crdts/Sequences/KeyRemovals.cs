namespace Edge.Sync.Crdts.Sequences;

/// <summary>
/// What removals of a key had seen of the sequence under it. What a stable removal had seen can go: everybody who writes from then on saw it
/// deleted, and names characters that they see.
/// </summary>
/// <remarks>
/// <code>removals = [ [ replica, counter, ... ] seen by stable ones, [ replica, counter, [ replica, counter, ... ], ... ] the others by ascending dot ]</code>
/// A counter stands for the replica's earlier ones too. Named are only replicas of which such a character is in the sequence: where none is left,
/// nothing is kept.
/// </remarks>
internal sealed class KeyRemovals
{
    private readonly List<Removal> _pending = [];
    private LatestDots _cleared;

    public bool IsEmpty => _pending.Count == 0 && _cleared.Count == 0;

    /// <summary>The characters that stable removals had seen: up to these.</summary>
    public ReadOnlySpan<Dot> Cleared => _cleared.Span;

    public void Add(Dot by, LatestDots seen)
    {
        var removal = new Removal(by, seen);
        var index = _pending.BinarySearch(removal);
        if (index < 0) _pending.Insert(~index, removal);
    }

    public void Join(KeyRemovals other)
    {
        foreach (var removal in other._pending)
            Add(removal.By, removal.Seen.Clone());
        foreach (var dot in other.Cleared)
            _cleared.Include(dot);
    }

    public KeyRemovals Clone()
    {
        var clone = new KeyRemovals();
        clone.Join(this);
        return clone;
    }

    /// <summary>Takes the removals that have become stable together; false where there are none.</summary>
    public bool Compact(VersionVector stable)
    {
        var left = 0;
        for (var i = 0; i < _pending.Count; i++)
        {
            var removal = _pending[i];
            if (!stable.Contains(removal.By))
            {
                _pending[left++] = removal;
                continue;
            }
            foreach (var dot in removal.Seen.Span)
                _cleared.Include(dot);
        }
        if (left == _pending.Count) return false;
        _pending.RemoveRange(left, _pending.Count - left);
        return true;
    }

    /// <summary>Forgets what was said of characters that are gone.</summary>
    public void Retain(DotTable dots)
    {
        _cleared = Retained(_cleared, dots);
        var left = 0;
        for (var i = 0; i < _pending.Count; i++)
        {
            var seen = Retained(_pending[i].Seen, dots);
            if (seen.Count > 0) _pending[left++] = new(_pending[i].By, seen);
        }
        _pending.RemoveRange(left, _pending.Count - left);
    }

    public void CollectReplicas(ReplicaTable table)
    {
        _cleared.CollectReplicas(table);
        foreach (var removal in _pending)
        {
            table.IndexOf(removal.By.Replica);
            removal.Seen.CollectReplicas(table);
        }
    }

    public void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(2);
        _cleared.Write(ref writer);
        writer.Raw.WriteArrayHeader(_pending.Count * 3);
        foreach (var removal in _pending)
        {
            writer.WriteDot(removal.By);
            removal.Seen.Write(ref writer);
        }
    }

    public static KeyRemovals Read(ref WireReader reader)
    {
        reader.ReadArrayHeader("text.removals", 2, exactly: true);
        var removals = new KeyRemovals { _cleared = LatestDots.Read(ref reader, "text.removals.cleared") };
        var length = reader.ReadArrayHeader("text.removals.pending");
        if (length % 3 != 0) throw reader.Malformed("text.removals.pending", "a removal is cut short");
        for (var i = 0; i < length; i += 3)
        {
            var removal = new Removal(reader.ReadDot("text.removals.dot"), LatestDots.Read(ref reader, "text.removals.seen"));
            if (i > 0 && removals._pending[^1].CompareTo(removal) >= 0) throw reader.Malformed("text.removals.dot", "its removals are not in ascending order");
            if (removal.Seen.Count == 0) throw reader.Malformed("text.removals.seen", "a removal of nothing is kept");
            removals._pending.Add(removal);
        }
        return removals;
    }

    /// <summary>Whether each replica that is named has a character in the sequence that it speaks of.</summary>
    public bool IsOf(DotTable dots)
    {
        foreach (var removal in _pending)
            if (Retained(removal.Seen, dots).Count < removal.Seen.Count) return false;
        return Retained(_cleared, dots).Count == _cleared.Count;
    }

    /// <summary>Those replicas that have a character up to the counter.</summary>
    public static LatestDots Retained(LatestDots seen, DotTable dots)
    {
        var retained = default(LatestDots);
        foreach (var dot in seen.Span)
            if (dots.CounterMin(dot.Replica) <= dot.Counter) retained.Include(dot);
        return retained;
    }

    private readonly record struct Removal(Dot By, LatestDots Seen) : IComparable<Removal>
    {
        public int CompareTo(Removal other) => By.CompareTo(other.By);
    }
}
