namespace Edge.Sync;

/// <summary>A feed that a repair could save in part only.</summary>
public sealed class FeedLoss
{
    internal FeedLoss(string replica, long savedLast, long knownLast) => (Replica, SavedLast, KnownLast) = (replica, savedLast, knownLast);

    /// <summary>Whose feed it is, in 32 hexadecimal digits.</summary>
    public string Replica { get; }

    /// <summary>The counter of the last operation that was saved; 0 for none.</summary>
    public long SavedLast { get; }

    /// <summary>The counter of the last operation that the damaged file is known to have held.</summary>
    public long KnownLast { get; }
}
