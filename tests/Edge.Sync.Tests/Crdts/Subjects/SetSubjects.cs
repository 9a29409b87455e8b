using Edge.Sync.Crdts;
using Edge.Sync.Tests.Crdts.Laws;

namespace Edge.Sync.Tests.Crdts.Subjects;

/// <summary>Intents 0 and 1 add one of two elements, 2 and 3 remove them. By element, either an addition without a removal after it, or no removal at the end.</summary>
internal sealed class SetSubject(CrdtKind kind) : CrdtSubject
{
    public override CrdtKind Kind => kind;

    public override int IntentCount => 4;

    /// <summary>One element only: elements have nothing to do with each other.</summary>
    public override IEnumerable<int> ExploredIntents => [0, 2];

    public override Delta Mutate(CrdtState state, Dot dot, int intent)
    {
        var element = Value(intent % 2);
        if (state is SetState set) return intent < 2 ? set.Add(dot, element) : set.Remove(dot, element);
        return intent < 2 ? ((RemoveWinsSetState)state).Add(dot, element) : ((RemoveWinsSetState)state).Remove(dot, element);
    }

    public override string Read(CrdtState state) =>
        string.Join(" ", (state is SetState set ? set.Elements : ((RemoveWinsSetState)state).Elements).Order().Select(Text));

    public override string Expect(IReadOnlyList<Operation> operations)
    {
        var present = new List<string>();
        for (var element = 0; element < 2; element++)
        {
            var additions = operations.Where(o => o.Intent == element).ToList();
            var removals = operations.Where(o => o.Intent == element + 2).ToList();
            var isIn = kind == CrdtKind.Set
                ? additions.Any(a => !removals.Any(a.Precedes))
                : additions.Count > 0 && removals.All(r => additions.Any(r.Precedes));
            if (isIn) present.Add(Text(Value(element)));
        }
        return string.Join(" ", present);
    }
}

/// <summary>All that was ever added.</summary>
internal sealed class GrowSetSubject : CrdtSubject
{
    public override CrdtKind Kind => CrdtKind.GrowSet;

    public override IEnumerable<int> RevocableIntents => [];

    public override int IntentCount => 4;

    public override Delta? Mutate(CrdtState state, Dot dot, int intent) => ((GrowSetState)state).Add(dot, Value(intent));

    public override string Read(CrdtState state) => string.Join(" ", ((GrowSetState)state).Elements.Order().Select(Text));

    public override string Expect(IReadOnlyList<Operation> operations) => string.Join(" ", operations.Select(o => o.Intent).Distinct().Order().Select(i => Text(Value(i))));
}
