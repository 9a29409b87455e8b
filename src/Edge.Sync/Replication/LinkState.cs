namespace Edge.Sync;

/// <summary>The state of one link.</summary>
public enum LinkState
{
    /// <summary>Looking for the peer, or waiting to try again.</summary>
    Connecting,

    /// <summary>Ready for peers to come in.</summary>
    Listening,

    /// <summary>A session is running.</summary>
    Connected,

    /// <summary>It cannot work as it is; the reason says what to do. It goes on trying.</summary>
    Faulted,
}
