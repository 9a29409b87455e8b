using System.Security.Claims;
using Edge.Sync.Trust;

namespace Edge.Sync.Replication;

/// <summary>Who is at the other end of a session, as far as the link knows.</summary>
/// <param name="user">Whom the link has let in.</param>
internal sealed class SyncGuest(ClaimsPrincipal user)
{
    private PublicKey? _key;

    public ClaimsPrincipal User => user;

    /// <summary>The device's key, as it says; null before it has. Nobody gains by naming another's: what that one writes would be taken for theirs.</summary>
    public PublicKey? Key
    {
        get => Volatile.Read(ref _key);
        set => Volatile.Write(ref _key, value);
    }
}

/// <summary>Those who are connected now over links that know whom they let in. Safe for use by several threads at once.</summary>
internal sealed class SyncGuests
{
    private readonly Lock _lock = new();
    private readonly List<SyncGuest> _guests = [];

    public void Add(SyncGuest guest) { lock (_lock) _guests.Add(guest); }

    public void Remove(SyncGuest guest) { lock (_lock) _guests.Remove(guest); }

    /// <summary>Whose device a key is; the one at the link that asks goes first. Null where they are not connected.</summary>
    public SyncGuest? Find(PublicKey key, SyncGuest? first)
    {
        if (first?.Key?.Equals(key) == true) return first;
        lock (_lock) return _guests.Find(guest => key.Equals(guest.Key));
    }
}
