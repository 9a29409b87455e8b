using System.Runtime.InteropServices;

namespace Edge.Sync.Crdts;

/// <summary>
/// A register: keeps every concurrent value, shows one.
/// </summary>
/// <remarks>
/// <para>Who wins: a write replaces all values that its author had seen. Among truly concurrent ones the later hybrid time wins, then the
/// greater replica id. The others stay until someone writes again.</para>
/// <para>Alice sets "A" and Bob, offline, sets "B" a minute later: everyone reads "B", and "A" is still there as a concurrent value.</para>
/// </remarks>
internal sealed class RegisterState : DotState, IResettable
{
    /// <summary>Ascending, so that the last one wins.</summary>
    private readonly List<ConcurrentValue> _values;

    public RegisterState() => _values = new(1);

    private RegisterState(List<ConcurrentValue> values) => _values = values;

    /// <summary>A register that shows one value: for reading only.</summary>
    public static RegisterState Of(ConcurrentValue value) => new([value]);

    public override CrdtKind Kind => CrdtKind.Register;

    /// <summary>How many values are concurrent: 0 before the first write, 1 while there is no conflict.</summary>
    public int Count => _values.Count;

    public override bool IsEmpty => _values.Count == 0;

    /// <summary>All concurrent values with author and time, ascending: the last one is shown, the others are the conflict. Valid until the next join.</summary>
    public ReadOnlySpan<ConcurrentValue> Values => CollectionsMarshal.AsSpan(_values);

    /// <summary>The value that is shown.</summary>
    public bool TryGetWinner(out ValueBytes value)
    {
        value = _values.Count > 0 ? _values[^1].Value : default;
        return _values.Count > 0;
    }

    public RegisterDelta Set(Dot dot, ValueBytes value)
    {
        if (_values.Count == 0) return new(dot, value, []);
        var replaced = new Dot[_values.Count];
        for (var i = 0; i < replaced.Length; i++)
            replaced[i] = _values[i].Dot;
        Array.Sort(replaced);
        return new(dot, value, replaced);
    }

    public override void Join(Delta delta, HybridTimestamp stamp)
    {
        var register = (RegisterDelta)delta;
        Remove(register.Replaced);
        if (register.IsClearing) return;
        var added = new ConcurrentValue(delta.First, stamp, register.Value);
        var index = _values.Count == 0 || _values[^1].CompareTo(added) < 0 ? ~_values.Count : _values.BinarySearch(added);
        if (index < 0) _values.Insert(~index, added);
    }

    public override void Join(DotState other, CausalContext ours, CausalContext theirs)
    {
        var mine = Values;
        var their = ((RegisterState)other).Values;
        var joined = new List<ConcurrentValue>(Math.Max(mine.Length, their.Length));
        var (i, j) = (0, 0);
        while (i < mine.Length || j < their.Length)
        {
            var order = i == mine.Length ? 1 : j == their.Length ? -1 : mine[i].CompareTo(their[j]);
            if (order == 0 || (order < 0 && !theirs.Contains(mine[i].Dot))) joined.Add(mine[i]);
            else if (order > 0 && !ours.Contains(their[j].Dot)) joined.Add(their[j]);
            if (order <= 0) i++;
            if (order >= 0) j++;
        }
        _values.Clear();
        _values.AddRange(joined);
    }

    public void Reset(VersionVector seen, Dot by)
    {
        var left = 0;
        for (var i = 0; i < _values.Count; i++)
            if (!seen.Contains(_values[i].Dot)) _values[left++] = _values[i];
        _values.RemoveRange(left, _values.Count - left);
    }

    public override DotState Unseen(VersionVector peer, HashSet<Dot> kept)
    {
        var unseen = new List<ConcurrentValue>();
        foreach (ref readonly var value in Values)
            if (peer.Contains(value.Dot)) kept.Add(value.Dot);
            else unseen.Add(value);
        return new RegisterState(unseen);
    }

    public override void CollectReplicas(ReplicaTable table)
    {
        foreach (ref readonly var value in Values)
            table.IndexOf(value.Dot.Replica);
    }

    /// <summary>An array of (replica, counter, time, value), in winning order.</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(_values.Count * 4);
        foreach (ref readonly var value in Values)
        {
            writer.WriteDot(value.Dot);
            writer.Raw.Write(value.Stamp.Value);
            writer.WriteValue(value.Value);
        }
    }

    public static RegisterState Read(ref WireReader reader)
    {
        var length = reader.ReadArrayHeader("register");
        if (length % 4 != 0) throw reader.Malformed("register", "an entry is cut short");
        var values = new List<ConcurrentValue>(length / 4);
        for (var i = 0; i < length; i += 4)
        {
            var value = new ConcurrentValue(reader.ReadDot("register.dot"), new(reader.ReadUInt64("register.time")), reader.ReadValue("register.value"));
            if (i > 0 && values[^1].CompareTo(value) >= 0) throw reader.Malformed("register", "its entries are not in order");
            values.Add(value);
        }
        return new(values);
    }

    public override void Check()
    {
        for (var i = 1; i < _values.Count; i++)
            if (_values[i - 1].CompareTo(_values[i]) >= 0) throw new InvalidOperationException("The register's entries are not in order.");
    }

    private void Remove(ReadOnlySpan<Dot> replaced)
    {
        if (replaced.Length == 0) return;
        var left = 0;
        for (var i = 0; i < _values.Count; i++)
            if (replaced.BinarySearch(_values[i].Dot) < 0) _values[left++] = _values[i];
        _values.RemoveRange(left, _values.Count - left);
    }
}
