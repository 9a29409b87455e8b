using Edge.Sync.Trust.Content;

namespace Edge.Sync.Log;

/// <summary>
/// The changes of one link that came before their seal. Only what is sealed is applied, counted, acknowledged or passed on; so the room may be
/// emptied at any time, and the peer sends again. Not safe for use by several threads at once.
/// </summary>
/// <remarks>
/// Each change gets its id when it comes, from what is held and what waits here. A seal proves the whole feed up to it: one false byte anywhere
/// gives another id, and the seal does not fit.
/// </remarks>
internal sealed class WaitingRoom
{
    /// <summary>As many bytes wait here. A peer has at most 4 MiB and one change on the way, and its seals lie no further apart.</summary>
    public const long BytesMax = 32 << 20;

    /// <summary>As many keys wait here for sections that need them.</summary>
    public const int KeysMax = 10_000;

    private readonly List<Guest> _guests = [];
    private readonly Dictionary<ContentKeyId, ContentKey> _keys = [];
    private readonly Dictionary<ChangeId, Guest> _byId = [];
    private readonly Dictionary<Dot, Guest> _byLast = [];
    private long _bytes;

    /// <param name="Change">As its author wrote it.</param>
    /// <param name="Id">Its id.</param>
    /// <param name="Past">See <see cref="ChangeLog.FindPast"/>.</param>
    /// <param name="IsTold">Whether the peer said what the change follows; else it was found by name.</param>
    /// <param name="Signature">The seal behind it; empty where none stands there.</param>
    private sealed record Guest(Change Change, ChangeId Id, ChangeId[] Past, bool IsTold, ReadOnlyMemory<byte> Signature)
    {
        public Dot Last => Change.Written.Last;

        public ReadOnlyMemory<byte> Signature { get; set; } = Signature;

        /// <summary>Whether a seal that covers it has been checked.</summary>
        public bool IsSealed { get; set; }
    }

    public int Count => _guests.Count;

    /// <summary>Takes a change in, and checks the seal behind it.</summary>
    /// <param name="log">What is held.</param>
    /// <param name="received">The change and its seal.</param>
    /// <param name="last">The last dot of the change by its name here, where it is held or goes on what is held; else counter 0.</param>
    /// <param name="held">The change as the peer names it, where it is held already.</param>
    /// <returns><see cref="AdmissionVerdict.Accepted"/> where it waits now, else why not.</returns>
    /// <exception cref="EdgeDataException">The change or its seal is false: the peer, or somebody before it, has altered or made up something.</exception>
    public AdmissionVerdict Take(ChangeLog log, in ReceivedChange received, out Dot last, out FeedEnd? held)
    {
        held = null;
        var change = Change.Parse(received.Bytes);
        last = default;
        var told = ChangeId.ReadAll(received.Past.Span);
        var verdict = log.FindPast(change, told, this, out var past);
        if (verdict != AdmissionVerdict.Accepted) return verdict;
        var id = change.ComputeId(log.Database, past[0], past.AsSpan(1));
        if (_byId.TryGetValue(id, out var known))
        {
            last = NameOf(log, known);
            // Sent again, perhaps with a seal that was not there the first time.
            if (received.Signature.IsEmpty || known.IsSealed) return AdmissionVerdict.Duplicate;
            known.Signature = received.Signature;
            return Check(log, known) ? AdmissionVerdict.Duplicate : AdmissionVerdict.Untold;
        }
        if (log.Locate(change, past, id) is { Verdict: AdmissionVerdict.Duplicate or AdmissionVerdict.Refused } place)
        {
            if (place.Verdict == AdmissionVerdict.Duplicate) (last, held) = (change.Written.Last with { Replica = place.Own }, new(change.Written.Last, id));
            return place.Verdict;
        }
        if (_bytes + received.Bytes.Length > BytesMax)
            throw new EdgeDataException($"The peer has sent {_bytes + received.Bytes.Length} bytes of changes without a seal on them; at most {BytesMax} are kept. Nothing of it was applied.", "changes.seal", code: EdgeErrorCode.LimitExceeded);
        var guest = new Guest(change, id, past, told.Length > 0 || Array.TrueForAll(past, static id => id == default), received.Signature);
        Add(guest);
        last = NameOf(log, guest);
        return received.Signature.IsEmpty || Check(log, guest) ? AdmissionVerdict.Accepted : AdmissionVerdict.Untold;
    }

    /// <summary>Hands out what is sealed and may be appended, in the order it came, and forgets it. <paramref name="append"/> is called once for each.</summary>
    public void Release(ChangeLog log, Action<Change, ChangeId, ChangeId[], Place, ReadOnlyMemory<byte>> append)
    {
        if (!_guests.Exists(static guest => guest.IsSealed)) return;
        var stay = new List<Guest>();
        foreach (var guest in _guests)
        {
            // Another link may have brought it meanwhile, and what it follows may be early still.
            var place = guest.IsSealed ? log.Locate(guest.Change, guest.Past, guest.Id) : Place.Early;
            if (place.Verdict == AdmissionVerdict.Accepted) append(guest.Change, guest.Id, guest.Past, place, guest.Signature);
            else if (place.Verdict == AdmissionVerdict.Early) stay.Add(guest);
        }
        Clear();
        foreach (var guest in stay)
            Add(guest);
    }

    /// <summary>Keeps a key that came ahead of the sections that need it. One that nobody asks for takes its place in memory only.</summary>
    public void Offer(ContentKey key)
    {
        if (_keys.Count >= KeysMax) _keys.Clear();
        _keys[key.Id] = key;
    }

    /// <summary>Hands out a key, and forgets it.</summary>
    public bool TryTakeKey(ContentKeyId id, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ContentKey? key) => _keys.Remove(id, out key);

    /// <summary>Forgets all changes that wait.</summary>
    public void Clear()
    {
        _guests.Clear();
        _byId.Clear();
        _byLast.Clear();
        _bytes = 0;
    }

    public bool Contains(ChangeId id) => _byId.ContainsKey(id);

    /// <summary>The id of a change that waits here, by its author's names. Of two under one name it is the one that came last: a peer that knows of one only sends that one.</summary>
    public bool TryGetId(Dot last, out ChangeId id)
    {
        var found = _byLast.TryGetValue(last, out var guest);
        id = found ? guest!.Id : default;
        return found;
    }

    private void Add(Guest guest)
    {
        _guests.Add(guest);
        _byId.Add(guest.Id, guest);
        _byLast[guest.Last] = guest;
        _bytes += guest.Change.Bytes.Length;
    }

    /// <summary>Checks the seal behind a guest. False where it may be meant for another past than the one that was found by name; then nothing waits any more.</summary>
    private bool Check(ChangeLog log, Guest guest)
    {
        // What waits of the same feed before it, the newest first.
        var covered = new List<Guest>();
        for (var at = guest; at is not null && !at.IsSealed; at = _byId.GetValueOrDefault(at.Past[0]))
            covered.Add(at);
        if (P256.Verify(OwnerOf(log, guest), Seal.Digest(log.Database, guest.Last, guest.Id), guest.Signature.Span))
        {
            foreach (var one in covered)
                one.IsSealed = true;
            return true;
        }
        if (covered.TrueForAll(static one => one.IsTold))
            throw new EdgeDataException($"The seal on change {guest.Last} is not its owner's: a change of this feed was altered on the way, or made up. Nothing of it was applied.", "changes.seal", code: EdgeErrorCode.InvalidSeal);
        Clear();
        return false;
    }

    // What may turn out to be a branch has no name yet.
    private static Dot NameOf(ChangeLog log, Guest guest) => guest.Last.Counter > log.Held[guest.Last.Replica] && !log.Tree.IsForked(guest.Last.Replica) ? guest.Last : default;

    private PublicKey OwnerOf(ChangeLog log, Guest guest)
    {
        var first = guest;
        while (first.Change.Written.Owner is null && _byId.TryGetValue(first.Past[0], out var before))
            first = before;
        if (first.Change.Written.Owner is { } owner) return owner;
        if (log.TryGetOwner(first.Change, first.Past[0], out owner!)) return owner;
        throw new System.Diagnostics.UnreachableException($"Feed {guest.Last.Replica} was admitted without its first change.");
    }
}
