using Edge.Sync.Crdts;
using Edge.Sync.Tests.Crdts.Laws;

namespace Edge.Sync.Tests.Crdts.Subjects;

/// <summary>The writes that nobody has followed. What they are joined to is the app's.</summary>
internal sealed class LatticeSubject : CrdtSubject
{
    public override CrdtKind Kind => CrdtKind.Lattice;

    public override int IntentCount => 3;

    public override IEnumerable<int> ExploredIntents => [0, 1];

    public override IEnumerable<int> RevocableIntents => [];

    public override Delta Mutate(CrdtState state, Dot dot, int intent) => ((LatticeState)state).Set(dot, Bytes(intent));

    public override string Read(CrdtState state) => string.Join(" ", ((LatticeState)state).Values.Select(Text));

    public override string Expect(IReadOnlyList<Operation> operations) => string.Join(" ", Maximal(operations).OrderBy(o => o.Dot).Select(o => Text(Bytes(o.Intent))));

    private static ValueBytes Bytes(int intent) => new([0xC4, 1, (byte)intent]);
}
