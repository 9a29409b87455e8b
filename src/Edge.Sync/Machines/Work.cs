using System.ComponentModel;

namespace Edge.Sync;

/// <summary>What makes a document an item of work that one of several workers does. A property of it: <c>public partial Work Work { get; }</c>; <see cref="WorkQueue{T}"/> takes it from there.</summary>
/// <remarks>
/// <para>On concurrent edits: Alice and Bob, offline, claim one item: both work on it. Once they meet, one claim stands on every replica (<see cref="Lease"/>), the other is in
/// <see cref="Lease.Rivals"/>. Work that was completed stays completed, and <see cref="CompletedBy"/> names all who did it.</para>
/// <para>So each item is done at least once, and twice where workers did not hear of each other or a claim ran out before its work was done: let the work be idempotent, or let the
/// resource refuse by the claim's token.</para>
/// </remarks>
[EdgeObject]
public sealed class Work : IEdgeObject<Work>, INotifyPropertyChanged
{
    private static readonly DocumentSchema s_schema = DocumentSchema.ForObject()
        .Field(nameof(Claim), nameof(Claim), FieldType.EdgeObject<Lease>())
        .Field(nameof(IsDone), nameof(IsDone), FieldType.EnableWinsFlag)
        .Field(nameof(CompletedBy), nameof(CompletedBy), FieldType.GrowSet<string>())
        .Field(nameof(Attempts), nameof(Attempts), FieldType.GrowCounter)
        .Build();

    private readonly FieldStore _store;

    /// <summary>Work that nobody has claimed, in a document that is made with <c>new</c>.</summary>
    public Work() => _store = FieldStore.Detached(s_schema);

    private Work(FieldStore store) => _store = store;

    static DocumentSchema IEdgeObject<Work>.Schema => s_schema;

    FieldStore IEdgeObject<Work>.Store => _store;

    static Work IEdgeObject<Work>.Attach(FieldStore store) => new(store);

    /// <summary>Raised while the document is live.</summary>
    event PropertyChangedEventHandler? INotifyPropertyChanged.PropertyChanged
    {
        add => _store.AddPropertyChanged(this, value);
        remove => _store.RemovePropertyChanged(value);
    }

    /// <summary>Who works on it until when.</summary>
    [Field(nameof(Claim))]
    public Lease Claim => _store.Get<Lease>(0);

    /// <summary>Whether it was completed by anybody. In a query: <c>!j.Work.IsDone</c>.</summary>
    [Field(nameof(IsDone))]
    public EnableWinsFlag IsDone => _store.Get<EnableWinsFlag>(1);

    /// <summary>All who completed it: more than one where it was done twice.</summary>
    [Field(nameof(CompletedBy))]
    public GrowSet<string> CompletedBy => _store.Get<GrowSet<string>>(2);

    /// <summary>How often it was claimed, renewals not counted. Many attempts and no completion: the item itself is what fails.</summary>
    [Field(nameof(Attempts))]
    public GrowCounter Attempts => _store.Get<GrowCounter>(3);

    /// <summary>Claims it, or renews the worker's own claim. False, and nothing is written, where it is done, or claimed by another.</summary>
    /// <param name="worker">Who, in the app's words; not empty.</param>
    /// <param name="now">The time of this device, read before the edit.</param>
    /// <param name="duration">How long it is claimed from now. Longer than the work takes, or renew.</param>
    /// <param name="drift">How far clocks may be apart.</param>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public bool TryClaim(string worker, DateTimeOffset now, TimeSpan duration, TimeSpan drift = default)
    {
        if (IsDone.Value) return false;
        var isRenewal = Claim.Grant is { Token: > 0 } grant && grant.Holder == worker;
        if (!Claim.TryAcquire(worker, now, duration, drift)) return false;
        if (!isRenewal) Attempts.Add(1);
        return true;
    }

    /// <summary>Says that it is done: also where the claim was lost meanwhile, since it has been done all the same.</summary>
    /// <returns>Whether the worker's claim stood, as far as this replica knows, and nobody else has completed it: false is a sign that it may have been done twice.</returns>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public bool Complete(string worker)
    {
        ArgumentException.ThrowIfNullOrEmpty(worker);
        var isOnly = Claim.Grant.Holder == worker && CompletedBy.All(other => other == worker);
        CompletedBy.Add(worker);
        IsDone.Value = true;
        return isOnly;
    }
}
