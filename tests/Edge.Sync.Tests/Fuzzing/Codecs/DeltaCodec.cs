using Edge.Sync.Crdts;

namespace Edge.Sync.Tests.Fuzzing.Codecs;

/// <summary>Deltas, each behind its dot: written as they were read; joining one works, or is refused and changes nothing.</summary>
internal sealed class DeltaCodec(CrdtKind kind) : FuzzCodec<Delta>($"{kind}.delta")
{
    private byte[][]? _states;

    /// <summary>Nothing, and a history's middle and end.</summary>
    private byte[][] States => _states ??= [FuzzReplicas.Write(CrdtState.Create(kind)), .. CrdtSeeds.Histories(kind).Where((_, i) => i % 3 > 0).Take(4).Select(h => FuzzReplicas.Write(h.History.Replicas[0].State))];

    protected override IEnumerable<byte[]> MakeSeeds() => CrdtSeeds.Histories(kind).SelectMany(h => h.History.Operations).Select(o => Write(o.Delta));

    protected override Delta Read(byte[] input)
    {
        var reader = new WireReader(input, FuzzReplicas.All);
        var delta = Delta.Read(kind, reader.ReadDot("dot"), ref reader);
        reader.ReadEnd("delta");
        return delta;
    }

    protected override void Check(Delta value, byte[] input)
    {
        AssertSame(input, Write(value), "The delta");
        if (value.Kind != kind) throw new FuzzException($"The delta is of kind {value.Kind}.");
        foreach (var before in States)
        {
            var state = FuzzReplicas.ReadState(kind, before);
            var refused = false;
            try { state.Join(value, new(7)); }
            catch (EdgeDataException) { refused = true; }
            state.Check();
            CrdtSeeds.Read(state);
            var after = FuzzReplicas.Write(state);
            if (refused) AssertSame(before, after, "The state that refused the delta");
            AssertSame(after, FuzzReplicas.Write(FuzzReplicas.ReadState(kind, after)), "The joined state");
        }
    }

    private static byte[] Write(Delta delta) => FuzzReplicas.Write((ref WireWriter writer) =>
    {
        writer.WriteDot(delta.First);
        delta.Write(ref writer);
    });
}
