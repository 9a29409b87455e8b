namespace Edge.Sync;

/// <summary>Who has a lease until when.</summary>
/// <param name="Holder">Who, in the app's words; empty where nobody.</param>
/// <param name="Token">The fencing token: it grows whenever the lease changes hands. At least 1 once somebody has had the lease.</param>
/// <param name="Renewals">How often it was renewed under this token.</param>
/// <param name="Until">When it ends, by the clock of who wrote it.</param>
public readonly record struct LeaseGrant(string Holder, long Token, long Renewals, DateTimeOffset Until)
{
    internal static RecordType<LeaseGrant> Record { get; } = RecordType.Of<LeaseGrant>()
        .Member(nameof(Holder), static grant => grant.Holder)
        .Member(nameof(Token), static grant => grant.Token)
        .Member(nameof(Renewals), static grant => grant.Renewals)
        .Member(nameof(Until), static grant => grant.Until)
        .Build(static values => new(values.Get<string>(0), values.Get<long>(1), values.Get<long>(2), values.Get<DateTimeOffset>(3)));

    /// <summary>
    /// What a guarded resource asks of each request: it keeps the highest grant that it has seen, lets this one in where that is true, and then keeps it. So nobody who has lost the lease
    /// gets through once its successor has been there, and of two who took it offline under one token only the first does.
    /// </summary>
    public bool IsAdmittedAfter(LeaseGrant highest) => Token > highest.Token || (Token == highest.Token && Holder == highest.Holder);
}
