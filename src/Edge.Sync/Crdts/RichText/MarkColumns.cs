using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts.RichText;

/// <summary>The stored form of marks: what is alike stands together.</summary>
/// <remarks>
/// <code>
/// marks   = [ replica, ... ascending ], [ key, ... ascending ], [ value, ... ascending bytes ], columns bin
/// columns = count; then for each mark, in the one order, a column after another:
///           key's number; value's number; depth - depth before; ±(time - time before); author's number; ±(counter - author's counter before);
///           start and end: 0 the border of the text, else replica's number × 2 + 1 (side before) or 2 (side behind), then ±(counter - before):
///           a start's is counted from the start before, an end's from its own start
/// </code>
/// All numbers of columns are varints; ± maps 0, -1, 1, -2, ... to 0, 1, 2, 3, ... Every replica, key and value that is listed is used.
/// </remarks>
internal static class MarkColumns
{
    private const int MarkBytesMin = 8;

    public static void CollectReplicas(List<Mark> marks, ReplicaTable table)
    {
        foreach (var mark in marks)
        {
            table.IndexOf(mark.Dot.Replica);
            if (!mark.Operation.Start.IsBorder) table.IndexOf(mark.Operation.Start.Character.Replica);
            if (!mark.Operation.End.IsBorder) table.IndexOf(mark.Operation.End.Character.Replica);
        }
    }

    /// <summary>Four values.</summary>
    public static void Write(List<Mark> marks, ref WireWriter writer)
    {
        var replicas = new ReplicaTable();
        CollectReplicas(marks, replicas);
        replicas.Sort();
        writer.Raw.WriteArrayHeader(replicas.Replicas.Count);
        foreach (var replica in replicas.Replicas) writer.WriteReplica(replica);

        var (keys, values) = (new SortedDictionary<string, int>(MarkKeyComparer.Instance), new SortedDictionary<ValueBytes, int>());
        foreach (var mark in marks) (keys[mark.Key], values[mark.Value]) = (0, 0);
        writer.Raw.WriteArrayHeader(keys.Count);
        foreach (var key in Number(keys)) writer.Raw.Write(key);
        writer.Raw.WriteArrayHeader(values.Count);
        foreach (var value in Number(values)) writer.WriteValue(value);

        var columns = new VarintWriter();
        columns.Write((ulong)marks.Count);
        foreach (var mark in marks) columns.Write((ulong)keys[mark.Key]);
        foreach (var mark in marks) columns.Write((ulong)values[mark.Value]);
        WriteOrders(marks, replicas, ref columns);
        WriteAnchors(marks, replicas, ref columns);
        writer.Raw.Write(columns.Span);
    }

    public static List<Mark> Read(ref WireReader reader)
    {
        var replicas = new ReplicaId[reader.ReadArrayHeader("marks.replicas")];
        for (var i = 0; i < replicas.Length; i++)
        {
            replicas[i] = reader.ReadReplica("marks.replicas");
            if (i > 0 && replicas[i - 1] >= replicas[i]) throw reader.Malformed("marks.replicas", "replicas are not in ascending order");
        }
        var keys = new string[reader.ReadArrayHeader("marks.keys")];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = MarkOperation.ReadKey(ref reader, "marks.keys");
            if (i > 0 && MarkKeyComparer.Instance.Compare(keys[i - 1], keys[i]) >= 0) throw reader.Malformed("marks.keys", "keys are not in ascending order");
        }
        var values = new ValueBytes[reader.ReadArrayHeader("marks.values")];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = reader.ReadValue("marks.values");
            if (i > 0 && values[i - 1].CompareTo(values[i]) >= 0) throw reader.Malformed("marks.values", "values are not in ascending order");
        }
        var bytes = reader.ReadBytes("marks.columns");
        return new MarkColumnsReader(bytes, reader.Offset - bytes.Length, replicas, keys, values).Read(MarkBytesMin);
    }

    private static void WriteOrders(List<Mark> marks, ReplicaTable replicas, ref VarintWriter columns)
    {
        ulong depth = 0, time = 0;
        foreach (var mark in marks)
        {
            columns.Write(mark.Order.Depth - depth);
            depth = mark.Order.Depth;
        }
        foreach (var mark in marks)
        {
            columns.Write(Signed.ToVarint((long)(mark.Order.Stamp.Value - time)));
            time = mark.Order.Stamp.Value;
        }
        foreach (var mark in marks) columns.Write((ulong)replicas.IndexOf(mark.Dot.Replica));
        var counters = new ulong[replicas.Replicas.Count];
        foreach (var mark in marks)
        {
            ref var counter = ref counters[replicas.IndexOf(mark.Dot.Replica)];
            columns.Write(Signed.ToVarint((long)(mark.Dot.Counter - counter)));
            counter = mark.Dot.Counter;
        }
    }

    private static void WriteAnchors(List<Mark> marks, ReplicaTable replicas, ref VarintWriter columns)
    {
        ulong counter = 0;
        foreach (var mark in marks) WriteAnchor(mark.Operation.Start, ref counter, replicas, ref columns);
        foreach (var mark in marks)
        {
            counter = mark.Operation.Start.Character.Counter;
            WriteAnchor(mark.Operation.End, ref counter, replicas, ref columns);
        }
    }

    private static void WriteAnchor(MarkAnchor anchor, ref ulong counter, ReplicaTable replicas, ref VarintWriter columns)
    {
        if (anchor.IsBorder)
        {
            columns.Write(0);
            return;
        }
        columns.Write(((ulong)replicas.IndexOf(anchor.Character.Replica) * 2) + (anchor.IsAfter ? 2UL : 1));
        columns.Write(Signed.ToVarint((long)(anchor.Character.Counter - counter)));
        counter = anchor.Character.Counter;
    }

    private static List<T> Number<T>(SortedDictionary<T, int> items) where T : notnull
    {
        var sorted = new List<T>(items.Keys);
        for (var i = 0; i < sorted.Count; i++) items[sorted[i]] = i;
        return sorted;
    }
}
