using System.Buffers;
using Edge.Sync.Crdts;
using Edge.Sync.Tests.Crdts.Laws;

namespace Edge.Sync.Tests.Fuzzing.Codecs;

/// <summary>The table of replicas that stands beside all inputs, so that an input is nothing but bytes.</summary>
internal static class FuzzReplicas
{
    public static ReplicaId[] All { get; } = [.. Enumerable.Range(0, 6).Select(History.IdOf).Order()];

    public delegate void Writing(ref WireWriter writer);

    public static byte[] Write(Writing write)
    {
        var table = new ReplicaTable();
        foreach (var replica in All) table.IndexOf(replica);
        var output = new ArrayBufferWriter<byte>();
        var writer = new WireWriter(output, table);
        write(ref writer);
        writer.Flush();
        return table.Replicas.Count == All.Length ? output.WrittenSpan.ToArray() : throw new FuzzException("A replica is named that is not in the table.");
    }

    public static byte[] Write(CrdtState state) => Write((ref WireWriter writer) => state.Write(ref writer));

    public static CrdtState ReadState(CrdtKind kind, byte[] bytes)
    {
        var reader = new WireReader(bytes, All);
        var state = CrdtState.Read(kind, ref reader);
        reader.ReadEnd("state");
        return state;
    }

    /// <summary>[replica, counter, ...], ascending.</summary>
    public static void WriteVersion(ref WireWriter writer, VersionVector version)
    {
        var dots = default(LatestDots);
        foreach (var dot in version.ToSortedList()) dots.Include(dot);
        dots.Write(ref writer);
    }

    public static VersionVector ReadVersion(ref WireReader reader)
    {
        var version = new VersionVector();
        foreach (var dot in LatestDots.Read(ref reader, "version").Span) version.Include(dot);
        return version;
    }
}
