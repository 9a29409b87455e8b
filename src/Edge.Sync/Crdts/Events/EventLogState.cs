using System.Runtime.InteropServices;

namespace Edge.Sync.Crdts;

/// <summary>A log to which everybody appends and from which nobody takes, in an order that extends causality.</summary>
/// <remarks>
/// An event comes after all that its author had seen. Alice and Bob, offline, append "a" and "b": everyone reads them in one order, by time, then
/// replica; what either appends after they met comes behind both.
/// </remarks>
internal sealed class EventLogState : DotState
{
    private readonly List<Entry> _entries = [];

    public override CrdtKind Kind => CrdtKind.EventLog;

    public override bool IsEmpty => _entries.Count == 0;

    /// <summary>The events in order. Valid until the next join.</summary>
    public ReadOnlySpan<Entry> Entries => CollectionsMarshal.AsSpan(_entries);

    public EventLogDelta Append(Dot dot, ValueBytes value) => new(dot, CausalKey.Next(_entries.Count > 0 ? _entries[^1].Key.Depth : 0), value);

    public override void Join(Delta delta, HybridTimestamp stamp)
    {
        var appended = (EventLogDelta)delta;
        var entry = new Entry(new(appended.Depth, stamp, delta.First), appended.Value);
        var index = _entries.Count == 0 || _entries[^1].CompareTo(entry) < 0 ? ~_entries.Count : _entries.BinarySearch(entry);
        if (index < 0) _entries.Insert(~index, entry);
    }

    public override void Join(DotState other, CausalContext ours, CausalContext theirs)
    {
        var mine = Entries;
        var their = ((EventLogState)other).Entries;
        var joined = new List<Entry>(Math.Max(mine.Length, their.Length));
        var (i, j) = (0, 0);
        while (i < mine.Length || j < their.Length)
        {
            var order = i == mine.Length ? 1 : j == their.Length ? -1 : mine[i].CompareTo(their[j]);
            joined.Add(order <= 0 ? mine[i] : their[j]);
            if (order <= 0) i++;
            if (order >= 0) j++;
        }
        _entries.Clear();
        _entries.AddRange(joined);
    }

    public override DotState Unseen(VersionVector peer, HashSet<Dot> kept)
    {
        var unseen = new EventLogState();
        foreach (ref readonly var entry in Entries)
            if (!peer.Contains(entry.Key.Dot)) unseen._entries.Add(entry);
        return unseen;
    }

    public override void CollectReplicas(ReplicaTable table)
    {
        foreach (ref readonly var entry in Entries)
            table.IndexOf(entry.Key.Dot.Replica);
    }

    /// <summary>An array of (depth, time, replica, counter, value), in order.</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(_entries.Count * 5);
        foreach (ref readonly var entry in Entries)
        {
            writer.Raw.Write(entry.Key.Depth);
            writer.Raw.Write(entry.Key.Stamp.Value);
            writer.WriteDot(entry.Key.Dot);
            writer.WriteValue(entry.Value);
        }
    }

    public static EventLogState Read(ref WireReader reader)
    {
        var length = reader.ReadArrayHeader("eventLog");
        if (length % 5 != 0) throw reader.Malformed("eventLog", "an event is cut short");
        var state = new EventLogState();
        for (var i = 0; i < length; i += 5)
        {
            var key = new CausalKey(reader.ReadCounter("eventLog.depth"), new(reader.ReadUInt64("eventLog.time")), reader.ReadDot("eventLog.dot"));
            var entry = new Entry(key, reader.ReadValue("eventLog.value"));
            if (i > 0 && state._entries[^1].CompareTo(entry) >= 0) throw reader.Malformed("eventLog", "its events are not in order");
            state._entries.Add(entry);
        }
        return state;
    }

    public override void Check()
    {
        for (var i = 1; i < _entries.Count; i++)
            if (_entries[i - 1].CompareTo(_entries[i]) >= 0) throw new InvalidOperationException("The log's events are not in order.");
    }

    /// <summary>An event and its place.</summary>
    internal readonly record struct Entry(CausalKey Key, ValueBytes Value) : IComparable<Entry>
    {
        public int CompareTo(Entry other) => Key.CompareTo(other.Key);
    }
}
