namespace Edge.Sync.Replication;

/// <summary>What a session takes from its peer at most, and when it gives up waiting.</summary>
internal sealed record SyncLimits
{
    /// <summary>Bytes of one frame. A change of the greatest size fits, with room for its envelope.</summary>
    public int FrameBytesMax { get; init; } = Log.LogLimits.StoredBodyBytesMax + (64 << 10);

    /// <summary>Bytes of changes that are put into one frame, where they are not single ones above it.</summary>
    public int BatchBytes { get; init; } = 256 << 10;

    /// <summary>Bytes of changes that may be on the way without being acknowledged as durable: the credit.</summary>
    public int WindowBytes { get; init; } = 4 << 20;

    /// <summary>Feeds that a peer may name.</summary>
    public int FeedsMax { get; init; } = 10_000;

    /// <summary>Keys of documents that one message brings, or asks for.</summary>
    public int KeysMax { get; init; } = 1024;

    /// <summary>Sections that one message asks for, or answers.</summary>
    public int SectionsMax { get; init; } = 1024;

    /// <summary>Documents that a peer may name as absent there.</summary>
    public int AbsentMax { get; init; } = 1000;

    /// <summary>How long changes may stay unacknowledged before they are sent again, and a hello unanswered.</summary>
    public TimeSpan ResendAfter { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How soon the peer is asked a second time to begin anew; each further time it takes twice as long, up to <see cref="ResendAfter"/>.</summary>
    public TimeSpan RewindAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long this side stays silent at most.</summary>
    public TimeSpan PingAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a peer may hold a connection without saying hello.</summary>
    public TimeSpan HelloWithin { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the peer may stay silent before it counts as gone.</summary>
    public TimeSpan GoneAfter { get; init; } = TimeSpan.FromSeconds(45);
}
