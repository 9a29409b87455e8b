using Edge.Sync.Crdts;

namespace Edge.Sync.Tests.Fuzzing.Codecs;

/// <summary>States: sound, readable, written as they were read, and fit for further edits.</summary>
internal sealed class StateCodec(CrdtKind kind) : FuzzCodec<CrdtState>($"{kind}.state")
{
    protected override IEnumerable<byte[]> MakeSeeds() => CrdtSeeds.Histories(kind).SelectMany(h => h.History.Replicas).Select(r => FuzzReplicas.Write(r.State));

    protected override CrdtState Read(byte[] input) => FuzzReplicas.ReadState(kind, input);

    protected override void Check(CrdtState value, byte[] input)
    {
        AssertSame(input, FuzzReplicas.Write(value), "The state");
        value.Check();
        CrdtSeeds.Read(value);
        AssertSame(input, FuzzReplicas.Write(value), "The state after it was read from");
        var dot = new Dot(FuzzReplicas.All[0], 1 << 20);
        foreach (var subject in CrdtSeeds.SubjectsOf(kind).Take(1))
            for (var intent = 0; intent < subject.IntentCount; intent++)
            {
                if (subject.Mutate(value, dot, intent) is not { } delta) continue;
                try { value.Join(delta, new(5)); }
                catch (EdgeDataException) { /* a text may have come to the end of its counters */ }
                dot = dot.Plus(10);
            }
        value.Check();
        var written = FuzzReplicas.Write(value);
        AssertSame(written, FuzzReplicas.Write(FuzzReplicas.ReadState(kind, written)), "The edited state");
    }
}
