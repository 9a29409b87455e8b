using Edge.Sync.Crdts;
using Edge.Sync.Tests.Crdts.Laws;

namespace Edge.Sync.Tests.Crdts.Subjects;

/// <summary>There if some saying has not been followed by a deletion.</summary>
internal sealed class ExistenceSubject : CrdtSubject
{
    public override CrdtKind Kind => CrdtKind.Existence;

    public override int IntentCount => 2;

    public override Delta Mutate(CrdtState state, Dot dot, int intent) =>
        intent == 0 ? ((ExistenceState)state).Touch(dot) : ((ExistenceState)state).Delete(dot);

    public override string Read(CrdtState state) => $"{((ExistenceState)state).Exists}";

    public override string Expect(IReadOnlyList<Operation> operations) =>
        $"{operations.Any(o => o.Intent == 0 && !operations.Any(d => d.Intent == 1 && o.Precedes(d)))}";
}

/// <summary>Of the turns that nobody has followed: on if any is on, or only if all are.</summary>
internal sealed class FlagSubject(CrdtKind kind) : CrdtSubject
{
    public override CrdtKind Kind => kind;

    public override int IntentCount => 2;

    public override Delta Mutate(CrdtState state, Dot dot, int intent) => ((FlagState)state).Set(dot, intent == 0);

    public override string Read(CrdtState state) => $"{((FlagState)state).IsEnabled}";

    public override string Expect(IReadOnlyList<Operation> operations)
    {
        var last = Maximal(operations).ToList();
        return $"{last.Count > 0 && (kind == CrdtKind.EnableWinsFlag ? last.Any(o => o.Intent == 0) : last.All(o => o.Intent == 0))}";
    }
}
