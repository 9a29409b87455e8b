using System.Buffers;
using MessagePack;

namespace Edge.Sync.Log;

/// <summary>Under which names a change, what it follows and what its sections speak of are held in this file, where a feed that it names has forked.</summary>
/// <remarks>
/// Kept in front of the change's own bytes, in this file only:
/// <code>
/// names = C1 [ own, before, [ dependency, ... ], [ written, [ last counter, name, ... ], ... ] ]      own: the branch it is in; before: that of the feed's change before it
/// </code>
/// C1 begins no MessagePack value: a change with names cannot be taken for one without.
/// </remarks>
internal sealed class BranchNames(ReplicaId own, ReplicaId before, ReplicaId[] dependencies, DotNames dots)
{
    private const byte Mark = 0xC1;

    public ReplicaId Own => own;

    public ReplicaId Before => before;

    /// <summary>The branch of each dependency, in the header's order.</summary>
    public ReadOnlySpan<ReplicaId> Dependencies => dependencies;

    /// <summary>For the dots in the change's sections.</summary>
    public DotNames Dots => dots;

    /// <summary>Whether stored bytes begin with names.</summary>
    public static bool IsAt(ReadOnlySpan<byte> stored) => stored.Length > 0 && stored[0] == Mark;

    /// <summary>Reads the names in front of a stored change.</summary>
    /// <exception cref="EdgeDataException">They are damaged.</exception>
    public static BranchNames Read(ReadOnlyMemory<byte> stored, out int length)
    {
        var reader = new WireReader(stored[1..], default);
        reader.ReadArrayHeader("names", 4, exactly: true);
        var own = reader.ReadReplicaId("names.own");
        var before = reader.ReadReplicaId("names.before");
        var dependencies = new ReplicaId[reader.ReadArrayHeader("names.dependencies", 1 + ReplicaId.SizeBytes)];
        for (var i = 0; i < dependencies.Length; i++)
            dependencies[i] = reader.ReadReplicaId("names.dependencies");
        var flat = reader.ReadArrayHeader("names.chains", 1);
        if (flat % 2 != 0) throw reader.Malformed("names.chains", "a chain is cut short");
        var chains = new DotNames.Chain[flat / 2];
        for (var i = 0; i < chains.Length; i++)
            chains[i] = new(reader.ReadReplicaId("names.written"), ReadParts(ref reader));
        length = 1 + (int)reader.Offset;
        return new(own, before, dependencies, new(chains));
    }

    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>(128);
        output.GetSpan(1)[0] = Mark;
        output.Advance(1);
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(4);
        writer.Write(own.ToByteArray());
        writer.Write(before.ToByteArray());
        writer.WriteArrayHeader(dependencies.Length);
        foreach (var dependency in dependencies)
            writer.Write(dependency.ToByteArray());
        writer.WriteArrayHeader(dots.Chains.Length * 2);
        foreach (var chain in dots.Chains)
        {
            writer.Write(chain.Written.ToByteArray());
            writer.WriteArrayHeader(chain.Parts.Length * 2);
            foreach (var part in chain.Parts)
            {
                writer.Write(part.Last);
                writer.Write(part.Name.ToByteArray());
            }
        }
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static DotNames.Part[] ReadParts(ref WireReader reader)
    {
        var flat = reader.ReadArrayHeader("names.parts", 1);
        if (flat == 0 || flat % 2 != 0) throw reader.Malformed("names.parts", "a part is cut short, or there is none");
        var parts = new DotNames.Part[flat / 2];
        for (var i = 0; i < parts.Length; i++)
            parts[i] = new(reader.ReadUInt64("names.last"), reader.ReadReplicaId("names.name"));
        return parts;
    }
}
