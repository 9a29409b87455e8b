using System.Globalization;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>Stock, seats or money that must not be spent twice, though replicas are offline: each spends only rights that it holds (escrow).</summary>
/// <remarks>
/// <para>Whoever grants holds the new rights, and hands them on while online: 10 seats, 6 handed to Alice, 4 kept by Bob. Offline, Alice sells 6 at
/// most and Bob 4. A lack of rights is an answer, not an error: the <c>Try…</c> methods return false and write nothing.</para>
/// <para>The bound holds for replicas that are neither copied nor expelled. A copied or restored file can spend its rights twice; that is not
/// refused, since it has happened: it shows as <see cref="Overdraft"/>.</para>
/// </remarks>
public sealed class BoundedCounter : IFormattable
{
    private readonly Field _field;

    internal BoundedCounter(Field field) => _field = field;

    /// <summary>All that was granted less all that was spent; below zero only by an overdraft. Clamped to the range of <see cref="long"/>.</summary>
    public long Value => _field.TryFindCell(out var cell) ? cell.Number : State?.Value ?? 0;

    /// <summary>How much this replica may spend, at least 0. In a document made with <c>new</c>: all that was granted there.</summary>
    public long Available => Math.Max(0, State?.Rights(_field.Self) ?? 0);

    /// <summary>What replicas spent beyond their rights, added up: 0 unless one was copied, restored or expelled, or cheats.</summary>
    public long Overdraft => State?.Overdraft ?? 0;

    /// <summary>The rights of each replica that ever had some, by ascending id; below zero by a replica's overdraft. Counted anew at each call.</summary>
    public IReadOnlyDictionary<ReplicaId, long> Rights
    {
        get
        {
            var rights = new SortedDictionary<ReplicaId, long>();
            if (State is { } state)
                foreach (var replica in state.Replicas)
                    rights.Add(replica, state.Rights(replica));
            return rights;
        }
    }

    private BoundedCounterState? State => _field.Find<BoundedCounterState>(CrdtKind.BoundedCounter);

    /// <summary>Makes new rights, which this replica holds: the value rises.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="amount"/> is not at least 1.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Grant(long amount) => Write(amount, static (state, dot, amount, _) => state.Grant(dot, amount), default);

    /// <summary>Uses up rights of this replica: the value falls. Returns false, and writes nothing, where it holds too few.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="amount"/> is not at least 1.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public bool TrySpend(long amount) => Write(amount, static (state, dot, amount, _) => state.Spend(dot, amount), default);

    /// <summary>Hands rights of this replica to another. Returns false, and writes nothing, where it holds too few or is the other itself.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="amount"/> is not at least 1.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public bool TryTransfer(ReplicaId to, long amount) => Write(amount, static (state, dot, amount, to) => state.Transfer(dot, to, amount), to);

    /// <summary>
    /// Takes over rights of a replica that is gone for good; if it was not, what it spent of them is an overdraft. Returns false, and writes
    /// nothing, where it holds too few or is this replica itself.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="amount"/> is not at least 1.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public bool TryReclaim(ReplicaId from, long amount) => Write(amount, static (state, dot, amount, from) => state.Reclaim(dot, from, amount), from);

    /// <summary>The counter's <see cref="Value"/>.</summary>
    public static implicit operator long(BoundedCounter counter)
    {
        ArgumentNullException.ThrowIfNull(counter);
        return counter.Value;
    }

    /// <summary>The counter's <see cref="Value"/>.</summary>
    public long ToInt64() => Value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.CurrentCulture);

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => Value.ToString(format, formatProvider);

    private bool Write(long amount, Func<BoundedCounterState, Dot, long, ReplicaId, BoundedCounterDelta?> mutator, ReplicaId other)
    {
        var sink = _field.Writable();
        var delta = mutator(_field.FindOrNew<BoundedCounterState>(CrdtKind.BoundedCounter), sink.Next, amount, other);
        if (delta is not null) _field.Commit(sink, delta);
        return delta is not null;
    }
}
