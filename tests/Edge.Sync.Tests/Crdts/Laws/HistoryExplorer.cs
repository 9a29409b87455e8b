using System.Numerics;
using Edge.Sync.Crdts;

namespace Edge.Sync.Tests.Crdts.Laws;

/// <summary>
/// Tries every small history of a type: three replicas, up to a number of edits in all, every edit after anything that its author may have seen,
/// and every order of delivery that keeps causality. Whoever holds the same operations must hold the same bytes, and read what the definition says;
/// joining two states, or a state and a fragment, must give the same as delivering.
/// </summary>
/// <remarks>
/// An interleaving that leads to a set of operations ends with the delivery of one that no other in the set follows. So where the state of each set
/// less one such operation is known to be unique, joining that operation to it covers all interleavings that end so: all of them are covered, without
/// being walked one by one. Replica numbers are only names (their ids are not ascending): none comes before the one with the next lower number.
/// </remarks>
/// <param name="subject">The type.</param>
/// <param name="editsMax">The longest histories.</param>
/// <param name="joinEditsMax">The longest histories in which states are joined, of which there are many pairs.</param>
internal sealed class HistoryExplorer(CrdtSubject subject, int editsMax, int joinEditsMax)
{
    private const int ReplicaCount = 3;

    /// <summary>As many edits as stay within some seconds for all types together, given how many different ones the type has.</summary>
    public static HistoryExplorer Of(CrdtSubject subject) => subject.ExploredIntents.Count() switch
    {
        <= 2 => new(subject, 4, 4),
        <= 6 => new(subject, 4, 3),
        _ => new(subject, 3, 3),
    };

    /// <summary>The longest histories that are explored.</summary>
    public int EditsMax => editsMax;

    private readonly HashSet<UInt128> _histories = [];
    private readonly Dictionary<UInt128, (CrdtReplica Replica, string Bytes)> _states = [];
    private readonly HashSet<(UInt128, UInt128)> _joined = [];

    /// <summary>How many histories there are.</summary>
    public int HistoryCount => _histories.Count;

    /// <summary>How many interleavings of edits and deliveries they stand for, at the replica that ends with everything.</summary>
    public long InterleavingCount { get; private set; }

    /// <summary>How many deliveries were made and compared.</summary>
    public long DeliveryCount { get; private set; }

    /// <summary>How many joins of two states were compared with delivering.</summary>
    public long JoinCount { get; private set; }

    public void Run()
    {
        var empty = new CrdtReplica(subject, History.IdOf(0));
        _states.Add(Key([], 0), (empty, Bytes.Canonical(empty.State)));
        Extend([]);
    }

    private void Extend(Node[] history)
    {
        if (history.Length == editsMax) return;
        for (var author = 0; author < ReplicaCount; author++)
        {
            if (author > 0 && !history.Any(n => n.Author == author - 1)) break;
            var own = MaskOf(history, n => n.Author == author);
            foreach (var past in ClosedSets(history))
            {
                if ((past & own) != own) continue;
                var state = _states[Key(history, past)].Replica;
                foreach (var intent in subject.ExploredIntents)
                {
                    var stamp = new HybridTimestamp((ulong)(author + (BitOperations.PopCount((uint)own) * 2 % 3)));
                    if (state.CopyAs(History.IdOf(author)).Edit(intent, stamp) is not { } operation) continue;
                    Node[] next = [.. history, new(author, past, operation)];
                    if (!_histories.Add(Key(next, AllOf(next)))) continue;
                    CheckLast(next);
                    Extend(next);
                }
            }
        }
    }

    /// <summary>Checks all that is new with the last operation of a history.</summary>
    private void CheckLast(Node[] history)
    {
        var sets = ClosedSets(history);
        var last = 1 << (history.Length - 1);
        var ways = new Dictionary<int, long> { [0] = 1 };
        foreach (var set in sets)
        {
            if (set != 0) ways[set] = Ends(history, set).Sum(end => ways[set & ~(1 << end)]);
            if ((set & last) != 0) Deliver(history, set);
        }
        InterleavingCount += ways[AllOf(history)];
        if (history.Length > joinEditsMax) return;
        foreach (var left in sets)
            foreach (var right in sets)
                if (((left | right) & last) != 0 && (left & right) != right && _joined.Add((Key(history, left), Key(history, right)))) Join(history, left, right);
    }

    private void Deliver(Node[] history, int set)
    {
        var key = Key(history, set);
        if (_states.ContainsKey(key)) return;
        foreach (var end in Ends(history, set))
        {
            var replica = _states[Key(history, set & ~(1 << end))].Replica.CopyAs(History.IdOf(0));
            replica.Receive(history[end].Operation);
            Compare(history, set, key, replica);
            DeliveryCount++;
        }
    }

    private void Join(Node[] history, int left, int right)
    {
        var (mine, theirs) = (_states[Key(history, left)].Replica, _states[Key(history, right)].Replica);
        var (joined, rejoined) = (mine.CopyAs(mine.Id), mine.CopyAs(mine.Id));
        joined.Join(theirs);
        rejoined.JoinFragment(theirs);
        var key = Key(history, left | right);
        Compare(history, left | right, key, joined);
        Compare(history, left | right, key, rejoined);
        JoinCount += 2;
    }

    private void Compare(Node[] history, int set, UInt128 key, CrdtReplica replica)
    {
        var bytes = Bytes.Canonical(replica.State);
        if (!_states.TryAdd(key, (replica, bytes)))
        {
            if (_states[key].Bytes != bytes) Assert.Fail($"{Describe(history, set)} gave {_states[key].Bytes} once, and now {bytes}.");
            return;
        }
        var expected = subject.Expect([.. history.Where((_, i) => (set >> i & 1) != 0).Select(n => n.Operation)]);
        if (expected != subject.Read(replica.State)) Assert.Fail($"{Describe(history, set)} reads {subject.Read(replica.State)}, and is defined as {expected}.");
    }

    /// <summary>The sets that hold the past of each of their members, ascending, so that a subset comes before its supersets.</summary>
    private static List<int> ClosedSets(Node[] history)
    {
        var sets = new List<int>();
        for (var set = 0; set <= AllOf(history); set++)
        {
            var isClosed = true;
            for (var i = 0; i < history.Length && isClosed; i++)
                isClosed = (set >> i & 1) == 0 || (set & history[i].Past) == history[i].Past;
            if (isClosed) sets.Add(set);
        }
        return sets;
    }

    /// <summary>The members of a set that no other member follows.</summary>
    private static IEnumerable<int> Ends(Node[] history, int set) =>
        Enumerable.Range(0, history.Length).Where(i => (set >> i & 1) != 0 && !history.Where((n, j) => (set >> j & 1) != 0 && (n.Past >> i & 1) != 0).Any());

    private static int AllOf(Node[] history) => (1 << history.Length) - 1;

    private static int MaskOf(Node[] history, Func<Node, bool> predicate) => Enumerable.Range(0, history.Length).Where(i => predicate(history[i])).Sum(i => 1 << i);

    /// <summary>Names the operations of a set and their pasts, in whatever order they were made: 5 + 2 + 3 * 3 bits for each, at most 7.</summary>
    private static UInt128 Key(Node[] history, int set)
    {
        UInt128 key = 1;
        Span<int> counts = stackalloc int[ReplicaCount];
        for (var author = 0; author < ReplicaCount; author++)
            for (var i = 0; i < history.Length; i++)
            {
                var node = history[i];
                if (node.Author != author || (set >> i & 1) == 0) continue;
                key = (key << 7) | (uint)((node.Operation.Intent << 2) | author);
                counts.Clear();
                for (var j = 0; j < history.Length; j++)
                    if ((node.Past >> j & 1) != 0) counts[history[j].Author]++;
                key = (key << 9) | (uint)((counts[0] << 6) | (counts[1] << 3) | counts[2]);
            }
        return key;
    }

    private static string Describe(Node[] history, int set) => string.Join(", ", history.Where((_, i) => (set >> i & 1) != 0)
        .Select(n => $"edit {n.Operation.Intent} as {n.Operation.Dot} at {n.Operation.Stamp.Value} after {n.Operation.Past}"));

    /// <summary>An operation in a history; its past as a set of those before it.</summary>
    private sealed record Node(int Author, int Past, Operation Operation);
}
