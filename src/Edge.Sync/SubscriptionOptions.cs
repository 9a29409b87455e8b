namespace Edge.Sync;

/// <summary>What a named subscription delivers.</summary>
public sealed record SubscriptionOptions
{
    /// <summary>Where to begin when the name is used for the first time; from then on it goes on behind what was acknowledged.</summary>
    /// <value>The default is the first event.</value>
    public EventCursor From { get; init; }

    /// <summary>How far an event's change must have come for it to be delivered. Those behind one that waits wait too, so that none is passed over.</summary>
    /// <value>
    /// <see cref="ReceiptStage.Local"/>, the default: it survives a power cut here. <see cref="ReceiptStage.Durable"/>: another device has it as well. <see cref="ReceiptStage.Accepted"/>: a device other than its author's has said that it
    /// accepts it (<see cref="EdgeDatabase.AcceptAsync"/>), and cannot reject it any more; where nobody ever does, nothing is delivered. The same on each use: the name's checkpoint does not keep it.
    /// </value>
    /// <remarks>
    /// What peers have of this device's own events is known from what they have said since the database was opened: after a restart <see cref="ReceiptStage.Durable"/> waits until one is heard again. What is rejected
    /// while it waits is never delivered, and holds up nothing.
    /// </remarks>
    public ReceiptStage Stage { get; init; } = ReceiptStage.Local;

    /// <summary>Whose acceptance counts, with <see cref="ReceiptStage.Accepted"/>: that of the device that writes this feed, of whatever feed its key is, and for its own events too.</summary>
    /// <value>The default is null: any device but the author's. One that delivers what it accepts itself names itself (<see cref="EdgeDatabase.GetReplicaIdAsync"/>): with null its own events would wait for another, and all behind them.</value>
    public ReplicaId? AcceptedBy { get; init; }

    internal SubscriptionOptions Verified()
    {
        if (Stage is not (ReceiptStage.Local or ReceiptStage.Durable or ReceiptStage.Accepted))
            throw new ArgumentException($"Events cannot be delivered at the stage {Stage}. Use Local, Durable or Accepted.");
        if (AcceptedBy is not null && Stage != ReceiptStage.Accepted) throw new ArgumentException($"AcceptedBy is for the stage Accepted, not {Stage}.");
        return this;
    }
}
