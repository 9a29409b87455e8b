using Edge.Sync.Crdts;
using Edge.Sync.Tests.Crdts.Laws;

namespace Edge.Sync.Tests.Crdts.Subjects;

/// <summary>The writes that nobody has followed, by time, then replica; taking all away follows too.</summary>
internal sealed class RegisterSubject : CrdtSubject
{
    public override CrdtKind Kind => CrdtKind.Register;

    public override int IntentCount => 3;

    /// <summary>The last intent takes away all that is there.</summary>
    public override Delta Mutate(CrdtState state, Dot dot, int intent)
    {
        var write = ((RegisterState)state).Set(dot, Value(intent));
        return intent < 2 ? write : RegisterDelta.Clear(dot, write.Replaced.ToArray());
    }

    public override string ReadValues(CrdtState state) => ((RegisterState)state).TryGetWinner(out var value) ? Text(value) : "none";

    public override string Read(CrdtState state)
    {
        var values = new List<string>();
        foreach (var value in ((RegisterState)state).Values) values.Add($"{value.Dot}@{value.Stamp.Value}={Text(value.Value)}");
        return string.Join(" ", values);
    }

    public override string Expect(IReadOnlyList<Operation> operations) => string.Join(" ", Maximal(operations)
        .Where(o => o.Intent < 2).OrderBy(o => o.Stamp).ThenBy(o => o.Dot.Replica).ThenBy(o => o.Dot.Counter).Select(o => $"{o.Dot}@{o.Stamp.Value}={Text(Value(o.Intent))}"));
}

/// <summary>The greatest or the least number ever written.</summary>
internal sealed class ExtremeSubject(CrdtKind kind) : CrdtSubject
{
    // Their bytes are in another order than the numbers.
    private static readonly long[] s_numbers = [-1, 5, 200, 70_000, -40_000];

    public override CrdtKind Kind => kind;

    public override int IntentCount => s_numbers.Length;

    public override IEnumerable<int> ExploredIntents => [0, 2, 4];

    public override IEnumerable<int> RevocableIntents => [];

    public override Delta? Mutate(CrdtState state, Dot dot, int intent) => ((ExtremeState)state).Reach(dot, Value(s_numbers[intent]));

    public override string Read(CrdtState state) => ((ExtremeState)state).TryGet(out var value) ? Text(value) : "none";

    public override string Expect(IReadOnlyList<Operation> operations)
    {
        if (operations.Count == 0) return "none";
        var numbers = operations.Select(o => s_numbers[o.Intent]);
        return Text(Value(kind == CrdtKind.MaxRegister ? numbers.Max() : numbers.Min()));
    }
}
