using Edge.Sync.Crdts;
using Edge.Sync.Tests.Crdts.Laws;

namespace Edge.Sync.Tests.Crdts.Subjects;

/// <summary>The sum of all increments.</summary>
internal sealed class CounterSubject(CrdtKind kind) : CrdtSubject
{
    private readonly long[] _amounts = kind == CrdtKind.Counter ? [1, -30, long.MaxValue] : [1, 30, 0];

    public override CrdtKind Kind => kind;

    public override int IntentCount => _amounts.Length;

    public override IEnumerable<int> RevocableIntents => kind == CrdtKind.Counter ? base.RevocableIntents : [];

    public override Delta Mutate(CrdtState state, Dot dot, int intent) => ((CounterState)state).Add(dot, _amounts[intent]);

    public override string Read(CrdtState state) => $"{((CounterState)state).Value}";

    public override string Expect(IReadOnlyList<Operation> operations)
    {
        var sum = Int128.Zero;
        foreach (var operation in operations) sum += _amounts[operation.Intent];
        return $"{Int128.Clamp(sum, long.MinValue, long.MaxValue)}";
    }
}

/// <summary>A ledger: every grant, transfer, reclaim and spending booked one after the other.</summary>
internal sealed class BoundedCounterSubject : CrdtSubject
{
    public override CrdtKind Kind => CrdtKind.BoundedCounter;

    public override int IntentCount => 4;

    public override IEnumerable<int> RevocableIntents => [0, 1];

    public override Delta? Mutate(CrdtState state, Dot dot, int intent)
    {
        var counter = (BoundedCounterState)state;
        return intent switch
        {
            0 => counter.Spend(dot, 2),
            1 => counter.Grant(dot, 5),
            2 => counter.Transfer(dot, Next(dot.Replica), 3),
            _ => counter.Reclaim(dot, Next(dot.Replica), 1),
        };
    }

    public override string Read(CrdtState state)
    {
        var counter = (BoundedCounterState)state;
        return $"{counter.Value} overdraft {counter.Overdraft} rights {string.Join(" ", Enumerable.Range(0, 5).Select(i => counter.Rights(History.IdOf(i))))}";
    }

    public override string Expect(IReadOnlyList<Operation> operations)
    {
        var rights = Enumerable.Range(0, 5).ToDictionary(History.IdOf, _ => 0L);
        var value = 0L;
        foreach (var operation in operations)
        {
            var (author, other) = (operation.Dot.Replica, Next(operation.Dot.Replica));
            switch (operation.Intent)
            {
                case 0: rights[author] -= 2; value -= 2; break;
                case 1: rights[author] += 5; value += 5; break;
                case 2: rights[author] -= 3; rights[other] += 3; break;
                default: rights[other]--; rights[author]++; break;
            }
        }
        return $"{value} overdraft {-rights.Values.Sum(r => Math.Min(r, 0))} rights {string.Join(" ", Enumerable.Range(0, 5).Select(i => rights[History.IdOf(i)]))}";
    }

    private static ReplicaId Next(ReplicaId replica) => History.IdOf((Enumerable.Range(0, 5).First(i => History.IdOf(i) == replica) + 1) % 3);
}
