using Edge.Sync.Crdts;

namespace Edge.Sync.Tests.Fuzzing.Codecs;

/// <summary>Fragments of states, each behind the version that it is of.</summary>
internal sealed class FragmentCodec(CrdtKind kind) : FuzzCodec<(StateFragment Fragment, VersionVector Version)>($"{kind}.fragment")
{
    private (byte[] State, VersionVector Version)[]? _states;

    private (byte[] State, VersionVector Version)[] States => _states ??= [(FuzzReplicas.Write(CrdtState.Create(kind)), new()),
        .. CrdtSeeds.Histories(kind).Where((_, i) => i % 3 > 0).Take(2).Select(h => (FuzzReplicas.Write(h.History.Replicas[0].State), h.History.Replicas[0].Version))];

    protected override IEnumerable<byte[]> MakeSeeds() =>
        from h in CrdtSeeds.Histories(kind)
        from giver in h.History.Replicas
        from taker in h.History.Replicas
        where giver != taker
        select Write(((DotState)giver.State).Since(giver.Version, taker.Version), giver.Version);

    protected override (StateFragment Fragment, VersionVector Version) Read(byte[] input)
    {
        var reader = new WireReader(input, FuzzReplicas.All);
        var version = FuzzReplicas.ReadVersion(ref reader);
        var fragment = StateFragment.Read(kind, version, ref reader);
        reader.ReadEnd("fragment");
        return (fragment, version);
    }

    protected override void Check((StateFragment Fragment, VersionVector Version) value, byte[] input)
    {
        var (fragment, version) = value;
        AssertSame(input, Write(fragment, version), "The fragment");
        foreach (var (before, seen) in States)
        {
            var state = (DotState)FuzzReplicas.ReadState(kind, before);
            var refused = false;
            // It leaves out what its taker has, and text that is not beside what is left out has no place.
            try { state.Join(fragment.State, new(seen), fragment.Context); }
            catch (EdgeDataException) { refused = true; }
            state.Check();
            CrdtSeeds.Read(state);
            var after = FuzzReplicas.Write(state);
            if (refused) AssertSame(before, after, "The state that refused the fragment");
            AssertSame(after, FuzzReplicas.Write(FuzzReplicas.ReadState(kind, after)), "The joined state");
        }
    }

    private static byte[] Write(StateFragment fragment, VersionVector version) => FuzzReplicas.Write((ref WireWriter writer) =>
    {
        FuzzReplicas.WriteVersion(ref writer, version);
        fragment.Write(ref writer);
    });
}
