using Edge.Sync.Crdts;

namespace Edge.Sync.Tests.Crdts.Laws;

/// <summary>What the laws need to know about one type: how to edit it, how to read it, and what it means.</summary>
internal abstract class CrdtSubject
{
    public abstract CrdtKind Kind { get; }

    public virtual string Name => Kind.ToString();

    /// <summary>How many different edits there are.</summary>
    public abstract int IntentCount { get; }

    /// <summary>The edits that the explorer tries: what is alike need not be tried twice.</summary>
    public virtual IEnumerable<int> ExploredIntents => Enumerable.Range(0, IntentCount);

    /// <summary>The delta of an edit, or null where it has nothing to say in this state. Depends on the arguments alone.</summary>
    public abstract Delta? Mutate(CrdtState state, Dot dot, int intent);

    /// <summary>All that can be read from a state, as text.</summary>
    public abstract string Read(CrdtState state);

    /// <summary>The values alone, without who wrote them and when: what taking back an edit must bring back.</summary>
    public virtual string ReadValues(CrdtState state) => Read(state);

    /// <summary>The edits that can be taken back.</summary>
    public virtual IEnumerable<int> RevocableIntents => Enumerable.Range(0, IntentCount);

    /// <summary>
    /// What must be read where these operations have been joined, by the type's definition: slow, and from the operations and their pasts alone,
    /// never from a state.
    /// </summary>
    public abstract string Expect(IReadOnlyList<Operation> operations);

    /// <summary>What must be read under a key of a map, where of <paramref name="all"/> operations these are left: those that no removal had seen.</summary>
    public virtual string Expect(IReadOnlyList<Operation> left, IReadOnlyList<Operation> all) => Expect(left);

    public override string ToString() => Name;

    /// <summary>The operations that no other one follows.</summary>
    protected static IEnumerable<Operation> Maximal(IEnumerable<Operation> operations)
    {
        var all = operations.ToList();
        return all.Where(o => !all.Any(o.Precedes));
    }

    protected static ValueBytes Value(long number) => new(MessagePack.MessagePackSerializer.Serialize(number, cancellationToken: TestContext.Current.CancellationToken));

    protected static string Text(ValueBytes value) => Convert.ToHexString(value.Span);
}
