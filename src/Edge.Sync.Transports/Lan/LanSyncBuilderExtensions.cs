using Edge.Sync.Transports.Lan;

namespace Edge.Sync;

/// <summary>Sync without a server.</summary>
public static class LanSyncBuilderExtensions
{
    /// <summary>Syncs with every process of this machine that names the same meeting place: no server, no account, no configuration.</summary>
    /// <remarks>
    /// <para>
    /// It stays on the loopback interface (127.0.0.1): nothing is sent to, or accepted from, another machine. Other interfaces, and a pairing
    /// key that protects them, are not part of this version. Every user of this machine can join, so it is for trying out, for tests and for
    /// processes of one device.
    /// </para>
    /// <para>
    /// Up to 16 processes meet, each on a TCP port of its own, in a block of 16 within 23000 to 31191 that follows from the name. Peers find each other at once, or
    /// within about a second when one comes back. The name says where to meet, not what to share: that is the database's name.
    /// </para>
    /// </remarks>
    /// <param name="sync">The links of a database.</param>
    /// <param name="meetingPlace">Any name, up to 128 characters; upper and lower case differ.</param>
    public static SyncBuilder UseLan(this SyncBuilder sync, string meetingPlace)
    {
        ArgumentNullException.ThrowIfNull(sync);
        ArgumentException.ThrowIfNullOrWhiteSpace(meetingPlace);
        if (meetingPlace.Length > LanMeetingPlace.NameLengthMax)
            throw new ArgumentException($"A meeting place's name has at most {LanMeetingPlace.NameLengthMax} characters, not {meetingPlace.Length}.", nameof(meetingPlace));
        return sync.Use(new LanTransport(meetingPlace));
    }
}
