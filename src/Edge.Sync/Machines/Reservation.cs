using System.ComponentModel;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>Stock, seats or slots that are held for somebody and then confirmed or given back, offline too, and never oversold. A property of a document: <c>public partial Reservation Seats { get; }</c>.</summary>
/// <remarks>
/// <para>Each replica holds from its own rights only (<see cref="BoundedCounter"/>): of 10 seats 6 are handed to Alice and 4 kept by Bob; offline, Alice holds 6 at most and Bob 4, whatever they do.
/// Who made a hold confirms it or gives it back; others cannot, so that no seat is given back twice.</para>
/// <para>What it cannot do offline: use rights that lie with another replica. A device that is gone keeps its rights and holds until somebody reclaims the rights
/// (<see cref="BoundedCounter.TryReclaim"/>). The bound holds for replicas that are neither copied nor expelled.</para>
/// </remarks>
[EdgeObject]
public sealed class Reservation : IEdgeObject<Reservation>, INotifyPropertyChanged
{
    private static readonly DocumentSchema s_schema = DocumentSchema.ForObject()
        .Record(ReservationHold.Record)
        .Field(nameof(Stock), nameof(Stock), FieldType.BoundedCounter)
        .Field(nameof(Confirmed), nameof(Confirmed), FieldType.GrowCounter)
        .Field(nameof(Holds), nameof(Holds), FieldType.Map<string, ReservationHold>(FieldType.Value<ReservationHold>()))
        .Build();

    private readonly FieldStore _store;

    /// <summary>A reservation of nothing, in a document that is made with <c>new</c>.</summary>
    public Reservation() => _store = FieldStore.Detached(s_schema);

    private Reservation(FieldStore store) => _store = store;

    static DocumentSchema IEdgeObject<Reservation>.Schema => s_schema;

    FieldStore IEdgeObject<Reservation>.Store => _store;

    static Reservation IEdgeObject<Reservation>.Attach(FieldStore store) => new(store);

    /// <summary>Raised while the document is live.</summary>
    event PropertyChangedEventHandler? INotifyPropertyChanged.PropertyChanged
    {
        add => _store.AddPropertyChanged(this, value);
        remove => _store.RemovePropertyChanged(value);
    }

    /// <summary>What is neither held nor confirmed, and which replica may hold how much of it. Grant new stock here, and hand it on.</summary>
    [Field(nameof(Stock))]
    public BoundedCounter Stock => _store.Get<BoundedCounter>(0);

    /// <summary>How much was confirmed.</summary>
    [Field(nameof(Confirmed))]
    public GrowCounter Confirmed => _store.Get<GrowCounter>(1);

    /// <summary>What is held, in a canonical order.</summary>
    public IEnumerable<ReservationHold> Held
    {
        get
        {
            foreach (var (_, hold) in Holds) yield return hold;
        }
    }

    private ReplicatedMap<string, ReservationHold> Holds => _store.Get<ReplicatedMap<string, ReservationHold>>(2);

    private string Self => Convert.ToHexStringLower(((IFieldOwner)_store).Self.ToByteArray());

    /// <summary>Holds an amount from this replica's rights. False, and nothing is written, where it has too few, or holds something under that name.</summary>
    /// <param name="name">The hold's name among this replica's: an order's number for instance.</param>
    /// <param name="amount">At least 1.</param>
    /// <param name="until">When it may be given back by <see cref="CancelExpired"/>.</param>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public bool TryHold(string name, long amount, DateTimeOffset until)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var key = KeyOf(name);
        if (Holds.ContainsKey(key) || !Stock.TrySpend(amount)) return false;
        Holds[key] = new(name, amount, until);
        return true;
    }

    /// <summary>Makes a hold of this replica final. False, and nothing is written, where it has none of that name.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public bool TryConfirm(string name)
    {
        if (!TryTake(name, out var hold)) return false;
        Confirmed.Add(hold.Amount);
        return true;
    }

    /// <summary>Gives a hold of this replica back: it has the rights again. False, and nothing is written, where it has none of that name.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public bool TryCancel(string name)
    {
        if (!TryTake(name, out var hold)) return false;
        Stock.Grant(hold.Amount);
        return true;
    }

    /// <summary>Gives back all holds of this replica that have run out. Returns how many.</summary>
    /// <param name="now">The time of this device, read before the edit.</param>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public int CancelExpired(DateTimeOffset now)
    {
        var self = Self;
        var expired = Holds.Where(entry => entry.Key.StartsWith(self, StringComparison.Ordinal) && entry.Value.Until <= now).Select(static entry => entry.Value.Name).ToList();
        return expired.Count(TryCancel);
    }

    private bool TryTake(string name, out ReservationHold hold)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Holds.TryGetValue(KeyOf(name), out hold) && Holds.Remove(KeyOf(name));
    }

    // By replica: two that choose one name hold apart, and each knows its own.
    private string KeyOf(string name) => $"{Self}/{name}";
}
