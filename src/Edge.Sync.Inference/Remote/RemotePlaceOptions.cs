namespace Edge.Sync.Inference;

/// <summary>How a <see cref="RemotePlace"/> asks.</summary>
public sealed record RemotePlaceOptions
{
    /// <summary>How far the database is replicated, and with it every request: one whose data may not go that far is never written.</summary>
    /// <value>The default is <see cref="PrivacyZone.Anywhere"/>. Say <see cref="PrivacyZone.Site"/> of a database whose members are all on the site.</value>
    public PrivacyZone Reach { get; init; } = PrivacyZone.Anywhere;

    /// <summary>A longer input is refused, and so is a longer answer. In bytes, four a float.</summary>
    /// <value>The default is 64 KiB; at most 1 MiB.</value>
    public int RowBytesMax { get; init; } = 65_536;

    /// <summary>Requests that may wait at once; one more is refused.</summary>
    /// <value>The default is 64.</value>
    public int WaitingMax { get; init; } = 64;

    /// <summary>For how long an answer is waited for at most; a request's own deadline may end the wait before.</summary>
    /// <value>The default is 30 seconds; at most a day.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What is known of the place. Whether it is alive, and the round trip once there was one, is measured.</summary>
    /// <value>The default: it has the model, 50 ms away, 1 MB a second, at no price.</value>
    public PlaceConditions Conditions { get; init; } = new(IsAlive: true, IsCapable: true, TimeSpan.FromMilliseconds(50), MegabytesPerSecond: 1, Load: 0, Backlog: default, Price: 0);

    internal void Validate()
    {
        if (RowBytesMax is < sizeof(float) or > 1 << 20 || WaitingMax is < 1 or > 65_536 || Patience <= TimeSpan.Zero || Patience > TimeSpan.FromDays(1) || !Enum.IsDefined(Reach))
            throw new ArgumentException($"{nameof(RowBytesMax)} lies between 4 and 1,048,576, {nameof(WaitingMax)} between 1 and 65,536, {nameof(Patience)} within a day; they are {RowBytesMax}, {WaitingMax} and {Patience}, {nameof(Reach)} is {Reach}.");
    }
}
