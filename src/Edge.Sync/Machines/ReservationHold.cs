namespace Edge.Sync;

/// <summary>Something that is held for somebody.</summary>
/// <param name="Name">Its name among those of the replica that made it.</param>
/// <param name="Amount">How much, at least 1.</param>
/// <param name="Until">When that replica may give it back.</param>
public readonly record struct ReservationHold(string Name, long Amount, DateTimeOffset Until)
{
    internal static RecordType<ReservationHold> Record { get; } = RecordType.Of<ReservationHold>()
        .Member(nameof(Name), static hold => hold.Name)
        .Member(nameof(Amount), static hold => hold.Amount)
        .Member(nameof(Until), static hold => hold.Until)
        .Build(static values => new(values.Get<string>(0), values.Get<long>(1), values.Get<DateTimeOffset>(2)));
}
