using System.Buffers;
using MessagePack;

namespace Edge.Sync.Log;

/// <summary>What a file keeps of <see cref="LogRulings"/> and <see cref="FastClocks"/>: where the records are, which the log itself has, and what its own clock found.</summary>
/// <remarks>
/// <code>
/// rulings = [ [ sequence of a change with records that rule over others, ... ], [ sequence, number among the change's records, ... ], [ feed, first, last, count, newest stamp, ... ] ]
///           the second: rejections by those who had accepted what they reject
/// </code>
/// </remarks>
internal static class RulingsCodec
{
    public static byte[] Write(IReadOnlyCollection<long> sequences, IReadOnlyCollection<(long Sequence, int Record)> idle, FastClocks clocks)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(3);
        writer.WriteArrayHeader(sequences.Count);
        foreach (var sequence in sequences)
            writer.Write(sequence);
        writer.WriteArrayHeader(idle.Count * 2);
        foreach (var (sequence, record) in idle)
        {
            writer.Write(sequence);
            writer.Write(record);
        }
        writer.WriteArrayHeader(clocks.Feeds.Count() * 5);
        foreach (var (feed, run) in clocks.Feeds)
        {
            IdBytes.Write(ref writer, feed);
            writer.Write(run.First);
            writer.Write(run.Last);
            writer.Write(run.Count);
            writer.Write(run.Newest.Value);
        }
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads them into <paramref name="clocks"/>, which are empty. Returns the sequences, and the rejections without effect.</summary>
    /// <exception cref="EdgeDataException">They are damaged.</exception>
    public static (List<long> Sequences, HashSet<(long Sequence, int Record)> Idle) Read(ReadOnlyMemory<byte> bytes, FastClocks clocks)
    {
        var reader = new WireReader(bytes, default);
        reader.ReadArrayHeader("rulings", 3, exactly: true);
        var count = reader.ReadArrayHeader("rulings.sequences");
        var sequences = new List<long>(count);
        for (; count > 0; count--)
            sequences.Add((long)reader.ReadCounter("rulings.sequence"));
        var idle = new HashSet<(long, int)>();
        for (var left = reader.ReadArrayHeader("rulings.idle"); left > 0; left -= 2)
            idle.Add(((long)reader.ReadCounter("rulings.sequence"), reader.ReadInt32("rulings.record", 0, LogLimits.RecordsMax)));
        var flat = reader.ReadArrayHeader("rulings.clocks");
        if (flat % 5 != 0) throw reader.Malformed("rulings.clocks", "an entry is cut short");
        for (; flat > 0; flat -= 5)
            clocks.Restore(reader.ReadReplicaId("clocks.feed"), new(reader.ReadCounter("clocks.first"), reader.ReadCounter("clocks.last"), (long)reader.ReadCounter("clocks.count"), new(reader.ReadUInt64("clocks.newest"))));
        reader.ReadEnd("rulings");
        return (sequences, idle);
    }
}
