using System.ComponentModel;

namespace Edge.Sync;

/// <summary>Who may use something for a while: a press, a job, the role of a leader. A property of a document: <c>public partial Lease Operator { get; }</c>.</summary>
/// <remarks>
/// <para>On concurrent edits: Alice and Bob, offline, both take a free lease: each is told that they have it. Once they meet, one of them has it, on every replica alike
/// (<see cref="LongestGrant"/>), and <see cref="Rivals"/> shows both until somebody writes again.</para>
/// <para>So it is a promise among replicas that hear of each other within the lease's duration, and only as good as their clocks: give a drift that covers how far these are apart.
/// Where two at once would do harm, the resource itself must refuse by the fencing token: <see cref="LeaseGrant.IsAdmittedAfter"/>.</para>
/// </remarks>
[EdgeObject]
public sealed class Lease : IEdgeObject<Lease>, INotifyPropertyChanged
{
    private static readonly DocumentSchema s_schema = DocumentSchema.ForObject()
        .Record(LeaseGrant.Record)
        .Field(nameof(Grant), nameof(Grant), FieldType.Register<LeaseGrant, LongestGrant>())
        .Build();

    private readonly FieldStore _store;

    /// <summary>A lease that nobody holds, in a document that is made with <c>new</c>.</summary>
    public Lease() => _store = FieldStore.Detached(s_schema);

    private Lease(FieldStore store) => _store = store;

    static DocumentSchema IEdgeObject<Lease>.Schema => s_schema;

    FieldStore IEdgeObject<Lease>.Store => _store;

    static Lease IEdgeObject<Lease>.Attach(FieldStore store) => new(store);

    /// <summary>Raised while the document is live.</summary>
    event PropertyChangedEventHandler? INotifyPropertyChanged.PropertyChanged
    {
        add => _store.AddPropertyChanged(this, value);
        remove => _store.RemovePropertyChanged(value);
    }

    /// <summary>The grant that stands.</summary>
    [Field(nameof(Grant))]
    public LeaseGrant Grant => Register.Value;

    /// <summary>All grants whose authors did not know of each other, in the order of their times; none where there is one grant at most.</summary>
    public IReadOnlyList<ConcurrentValue<LeaseGrant>> Rivals => Register.HasConflict ? Register.Values : [];

    private Register<LeaseGrant, LongestGrant> Register => _store.Get<Register<LeaseGrant, LongestGrant>>(0);

    /// <summary>Whether <paramref name="holder"/> has it, as far as this replica knows.</summary>
    /// <param name="holder">Who.</param>
    /// <param name="now">The time of this device: <c>TimeProvider.GetUtcNow()</c>, read before the edit.</param>
    /// <param name="drift">How far clocks may be apart: so much earlier the holder stops.</param>
    public bool IsHeldBy(string holder, DateTimeOffset now, TimeSpan drift = default) => Grant is { Token: > 0 } grant && grant.Holder == holder && now < grant.Until - drift;

    /// <summary>Whether anybody may take it, as far as this replica knows.</summary>
    /// <param name="now">The time of this device.</param>
    /// <param name="drift">How far clocks may be apart: so much later another one takes it.</param>
    public bool IsFree(DateTimeOffset now, TimeSpan drift = default) => Grant is var grant && (grant.Holder is null or "" || now >= grant.Until + drift);

    /// <summary>Takes it where it is free, or renews it where <paramref name="holder"/> has it, also after its end as long as nobody else took it. False, and nothing is written, where another has it.</summary>
    /// <param name="holder">Who, in the app's words; not empty.</param>
    /// <param name="now">The time of this device, read before the edit.</param>
    /// <param name="duration">How long from now.</param>
    /// <param name="drift">How far clocks may be apart.</param>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public bool TryAcquire(string holder, DateTimeOffset now, TimeSpan duration, TimeSpan drift = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(holder);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(drift, TimeSpan.Zero);
        var grant = Grant;
        if (grant.Holder == holder && grant.Token > 0 && !Register.HasConflict)
        {
            Register.Value = grant with { Renewals = grant.Renewals + 1, Until = now + duration };
            return true;
        }
        if (grant.Holder != holder && !IsFree(now, drift)) return false;
        // Behind all that are known: of two who took it under one token, the one that stands gets one of its own.
        Register.Value = new(holder, TokenMax() + 1, 0, now + duration);
        return true;
    }

    /// <summary>Gives it back. False, and nothing is written, where <paramref name="holder"/> does not have it.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public bool Release(string holder)
    {
        ArgumentException.ThrowIfNullOrEmpty(holder);
        if (Grant is not { Token: > 0 } grant || grant.Holder != holder) return false;
        Register.Value = new("", TokenMax(), grant.Renewals + 1, DateTimeOffset.UnixEpoch);
        return true;
    }

    private long TokenMax()
    {
        long max = 0;
        foreach (var value in Register.Values) max = Math.Max(max, value.Value.Token);
        return max;
    }
}
