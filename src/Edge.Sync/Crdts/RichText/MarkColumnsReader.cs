using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts.RichText;

/// <summary>Reads what <see cref="MarkColumns"/> wrote, and nothing else: one set of marks has one form.</summary>
internal ref struct MarkColumnsReader(ReadOnlySpan<byte> bytes, long offset, ReplicaId[] replicas, string[] keys, ValueBytes[] values)
{
    private readonly bool[] _usedReplicas = new bool[replicas.Length];
    private VarintReader _reader = new(bytes, offset);

    /// <exception cref="EdgeDataException">The bytes are no columns of marks.</exception>
    public List<Mark> Read(int markBytesMin)
    {
        var count = _reader.ReadInt32("marks.count", _reader.Remaining / markBytesMin);
        var keyNumbers = ReadNumbers("marks.key", count, new bool[keys.Length]);
        var valueNumbers = ReadNumbers("marks.value", count, new bool[values.Length]);
        var orders = ReadOrders(count);
        var starts = new MarkAnchor[count];
        ulong counter = 0;
        for (var i = 0; i < count; i++) starts[i] = ReadAnchor("marks.start", MarkAnchor.Start, ref counter);
        var marks = new List<Mark>(count);
        for (var i = 0; i < count; i++)
        {
            counter = starts[i].Character.Counter;
            marks.Add(new(orders[i], new(keys[keyNumbers[i]], values[valueNumbers[i]], starts[i], ReadAnchor("marks.end", MarkAnchor.End, ref counter))));
            if (i > 0 && marks[i - 1].CompareTo(marks[i]) >= 0) throw _reader.Malformed("marks.depth", "its marks are not in order");
        }
        if (Array.IndexOf(_usedReplicas, false) >= 0) throw _reader.Malformed("marks.replicas", "a replica is named that nothing refers to");
        if (!_reader.End) throw _reader.Malformed("marks.columns", $"{_reader.Remaining} bytes follow its end");
        return marks;
    }

    /// <summary>A column of numbers below the length of <paramref name="used"/>, of which each must occur.</summary>
    private int[] ReadNumbers(string field, int count, bool[] used)
    {
        var numbers = new int[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = ReadNumber(field, used);
        }
        return Array.IndexOf(used, false) < 0 ? numbers : throw _reader.Malformed(field, "something is listed that no mark has");
    }

    private int ReadNumber(string field, bool[] used)
    {
        var number = _reader.Read(field);
        if (number >= (ulong)used.Length) throw _reader.Malformed(field, $"there is no number {number}; {used.Length} are listed");
        used[number] = true;
        return (int)number;
    }

    private CausalKey[] ReadOrders(int count)
    {
        var (depths, times, orders, counters) = (new ulong[count], new ulong[count], new CausalKey[count], new ulong[replicas.Length]);
        ulong depth = 0, time = 0;
        for (var i = 0; i < count; i++)
        {
            var step = _reader.Read("marks.depth");
            if (step > Dot.CounterMax - depth || depth + step == 0) throw _reader.Malformed("marks.depth", "a depth is out of range");
            depths[i] = depth += step;
        }
        for (var i = 0; i < count; i++) times[i] = time += (ulong)Signed.FromVarint(_reader.Read("marks.time"));
        var authors = new int[count];
        for (var i = 0; i < count; i++) authors[i] = ReadNumber("marks.author", _usedReplicas);
        for (var i = 0; i < count; i++)
            orders[i] = new(depths[i], new(times[i]), new(replicas[authors[i]], ReadCounter("marks.counter", ref counters[authors[i]])));
        return orders;
    }

    private MarkAnchor ReadAnchor(string field, MarkAnchor border, ref ulong counter)
    {
        var code = _reader.ReadInt32(field, replicas.Length * 2);
        if (code == 0) return border;
        var replica = (code - 1) / 2;
        _usedReplicas[replica] = true;
        return new(new(replicas[replica], ReadCounter(field, ref counter)), code % 2 == 0);
    }

    private ulong ReadCounter(string field, ref ulong counter)
    {
        counter += (ulong)Signed.FromVarint(_reader.Read(field));
        return counter is > 0 and <= Dot.CounterMax ? counter : throw _reader.Malformed(field, $"{counter} is no counter");
    }
}
