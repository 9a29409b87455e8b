using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Edge.Sync.Crdts;

/// <summary>Dots in ascending order. Nearly all have one, which needs no array.</summary>
/// <remarks>A mutable struct: keep it in one place and reach it by reference; a copy shares the array. Use <see cref="Clone"/> to have another.</remarks>
internal struct DotSet
{
    private Dot _one;
    private Dot[]? _many;

    public DotSet(ReadOnlySpan<Dot> ascending)
    {
        Count = ascending.Length;
        if (Count == 1) _one = ascending[0];
        else if (Count > 1) _many = ascending.ToArray();
    }

    public int Count { get; private set; }

    [UnscopedRef]
    public readonly ReadOnlySpan<Dot> Span => _many is null ? MemoryMarshal.CreateReadOnlySpan(in _one, Count) : _many.AsSpan(0, Count);

    public readonly DotSet Clone() => new(Span);

    public readonly bool Contains(Dot dot) => Count == 1 ? Span[0] == dot : Count > 0 && Span.BinarySearch(dot) >= 0;

    public void Add(Dot dot)
    {
        if (Count == 0)
        {
            (_one, _many, Count) = (dot, null, 1);
            return;
        }
        var index = Span.BinarySearch(dot);
        if (index >= 0) return;
        index = ~index;
        if (_many is null || _many.Length == Count)
        {
            var grown = new Dot[Math.Max(2, Count * 2)];
            Span.CopyTo(grown);
            _many = grown;
        }
        _many.AsSpan(index, Count - index).CopyTo(_many.AsSpan(index + 1));
        _many[index] = dot;
        Count++;
    }

    /// <summary>Takes away those of <paramref name="removed"/>, ascending, that are there.</summary>
    public void Remove(ReadOnlySpan<Dot> removed)
    {
        if (removed.Length == 0) return;
        var left = 0;
        for (var i = 0; i < Count; i++)
            if (removed.BinarySearch(Span[i]) < 0) Keep(i, ref left);
        Truncate(left);
    }

    public void Reset(VersionVector seen)
    {
        var left = 0;
        for (var i = 0; i < Count; i++)
            if (!seen.Contains(Span[i])) Keep(i, ref left);
        Truncate(left);
    }

    public void Join(ref readonly DotSet other, CausalContext ours, CausalContext theirs)
    {
        if (Count == 1 && other.Count == 1 && Span[0] == other.Span[0]) return;
        var left = 0;
        for (var i = 0; i < Count; i++)
            if (other.Contains(Span[i]) || !theirs.Contains(Span[i])) Keep(i, ref left);
        Truncate(left);
        foreach (var dot in other.Span)
            if (!ours.Contains(dot)) Add(dot);
    }

    /// <summary>The dots that <paramref name="peer"/> lacks; the others are added to <paramref name="kept"/>.</summary>
    public readonly DotSet Unseen(VersionVector peer, HashSet<Dot> kept)
    {
        var unseen = default(DotSet);
        foreach (var dot in Span)
            if (peer.Contains(dot)) kept.Add(dot);
            else unseen.Add(dot);
        return unseen;
    }

    public readonly bool IsWithin(VersionVector version)
    {
        foreach (var dot in Span)
            if (!version.Contains(dot)) return false;
        return true;
    }

    public readonly void CollectReplicas(ReplicaTable table)
    {
        foreach (var dot in Span)
            table.IndexOf(dot.Replica);
    }

    public readonly void Check()
    {
        for (var i = 1; i < Count; i++)
            if (Span[i - 1].CompareTo(Span[i]) >= 0) throw new InvalidOperationException("Dots are not in ascending order.");
    }

    private readonly void Keep(int index, ref int left)
    {
        if (index != left) _many![left] = _many[index];
        left++;
    }

    private void Truncate(int count)
    {
        Count = count;
        if (count > 1) return;
        if (count == 1 && _many is not null) _one = _many[0];
        _many = null;
    }
}
