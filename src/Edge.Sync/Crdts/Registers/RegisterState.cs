namespace Edge.Sync.Crdts;

/// <summary>
/// A register: keeps every concurrent value, shows one.
/// </summary>
/// <remarks>
/// <para>Who wins: a write replaces all values that its author had seen. Among truly concurrent ones the later hybrid time wins, then the
/// greater replica id. The others stay until someone writes again.</para>
/// <para>Alice sets "A" and Bob, offline, sets "B" a minute later: everyone reads "B", and "A" is still there as a concurrent value.</para>
/// </remarks>
internal sealed class RegisterState : CrdtState
{
    /// <summary>Ascending by (time, replica, counter), so that the last one wins.</summary>
    private readonly List<Entry> _entries = [];

    public override CrdtKind Kind => CrdtKind.Register;

    /// <summary>How many values are concurrent: 0 before the first write, 1 while there is no conflict.</summary>
    public int Count => _entries.Count;

    /// <summary>The value that is shown.</summary>
    public bool TryGetWinner(out ValueBytes value)
    {
        value = _entries.Count > 0 ? _entries[^1].Value : default;
        return _entries.Count > 0;
    }

    public RegisterDelta Set(Dot dot, ValueBytes value)
    {
        var replaced = new Dot[_entries.Count];
        for (var i = 0; i < replaced.Length; i++)
            replaced[i] = _entries[i].Dot;
        Array.Sort(replaced);
        return new(dot, value, replaced);
    }

    public override void Join(Delta delta, HybridTimestamp stamp)
    {
        var register = (RegisterDelta)delta;
        foreach (var dot in register.Replaced)
            _entries.RemoveAll(entry => entry.Dot == dot);
        var added = new Entry(delta.First, stamp, register.Value);
        var index = _entries.BinarySearch(added);
        if (index < 0) _entries.Insert(~index, added);
    }

    public override void CollectReplicas(ReplicaTable table)
    {
        foreach (var entry in _entries)
            table.IndexOf(entry.Dot.Replica);
    }

    /// <summary>An array of (replica, counter, time, value), in winning order.</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(_entries.Count * 4);
        foreach (var entry in _entries)
        {
            writer.WriteDot(entry.Dot);
            writer.Raw.Write(entry.Stamp.Value);
            writer.WriteValue(entry.Value);
        }
    }

    public static RegisterState Read(ref WireReader reader)
    {
        var state = new RegisterState();
        var length = reader.ReadArrayHeader("register");
        if (length % 4 != 0) throw reader.Malformed("register", "an entry is cut short");
        for (var i = 0; i < length; i += 4)
        {
            var entry = new Entry(reader.ReadDot("register.dot"), new(reader.ReadUInt64("register.time")), reader.ReadValue("register.value"));
            if (i > 0 && state._entries[^1].CompareTo(entry) >= 0) throw reader.Malformed("register", "its entries are not in order");
            state._entries.Add(entry);
        }
        return state;
    }

    public override void Check()
    {
        for (var i = 1; i < _entries.Count; i++)
            if (_entries[i - 1].CompareTo(_entries[i]) >= 0) throw new InvalidOperationException("The register's entries are not in order.");
    }

    private readonly record struct Entry(Dot Dot, HybridTimestamp Stamp, ValueBytes Value) : IComparable<Entry>
    {
        public int CompareTo(Entry other)
        {
            var order = Stamp.CompareTo(other.Stamp);
            if (order == 0) order = Dot.Replica.CompareTo(other.Dot.Replica);
            return order != 0 ? order : Dot.Counter.CompareTo(other.Dot.Counter);
        }
    }
}
