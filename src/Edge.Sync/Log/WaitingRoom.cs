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
    private readonly Dictionary<Dot, Guest> _byLast = [];
    private readonly Dictionary<ReplicaId, Dot> _ends = [];
    private long _bytes;

    private sealed record Guest(Change Change, ChangeId Id, ReadOnlyMemory<byte> Signature)
    {
        public Dot Last => Change.Header.Last;

        public ReadOnlyMemory<byte> Signature { get; set; } = Signature;

        /// <summary>Whether a seal that covers it has been checked.</summary>
        public bool IsSealed { get; set; }
    }

    public int Count => _guests.Count;

    /// <summary>Takes a change in, and checks the seal behind it.</summary>
    /// <param name="log">What is held.</param>
    /// <param name="received">The change and its seal.</param>
    /// <param name="last">The last dot of the change.</param>
    /// <returns><see cref="AdmissionVerdict.Accepted"/> where it waits now, else why not.</returns>
    /// <exception cref="EdgeDataException">The change or its seal is false: the peer, or somebody before it, has altered or made up something.</exception>
    public AdmissionVerdict Take(ChangeLog log, in ReceivedChange received, out Dot last)
    {
        var change = Change.Parse(received.Bytes);
        last = change.Header.Last;
        if (_byLast.TryGetValue(last, out var known) && known.Change.Bytes.Span.SequenceEqual(received.Bytes.Span))
        {
            // Sent again, perhaps with a seal that was not there the first time.
            if (!received.Signature.IsEmpty && !known.IsSealed) Check(log, known with { Signature = received.Signature });
            return AdmissionVerdict.Duplicate;
        }
        var admission = log.Admit(change, this);
        if (admission.Verdict != AdmissionVerdict.Accepted) return admission.Verdict;
        if (_bytes + received.Bytes.Length > BytesMax)
            throw new EdgeDataException($"The peer has sent {_bytes + received.Bytes.Length} bytes of changes without a seal on them; at most {BytesMax} are kept. Nothing of it was applied.", "changes.seal", code: EdgeErrorCode.LimitExceeded);
        var guest = new Guest(change, admission.Id, received.Signature);
        Add(guest);
        if (!received.Signature.IsEmpty) Check(log, guest);
        return AdmissionVerdict.Accepted;
    }

    /// <summary>Hands out what is sealed and may be appended, in the order it came, and forgets it. <paramref name="append"/> is called once for each.</summary>
    /// <exception cref="EdgeDataException">The log has taken another change under the same dot meanwhile: the feed has forked.</exception>
    public void Release(ChangeLog log, Action<Change, Admission, ReadOnlyMemory<byte>> append)
    {
        if (!_guests.Exists(static guest => guest.IsSealed)) return;
        var stay = new List<Guest>();
        foreach (var guest in _guests)
        {
            // Another link may have brought it meanwhile.
            if (log.Held.Contains(guest.Last)) continue;
            var admission = guest.IsSealed ? log.Admit(guest.Change) : Admission.Early;
            if (admission.Verdict == AdmissionVerdict.Early) { stay.Add(guest); continue; }
            if (admission.Id != guest.Id)
                throw new EdgeDataException($"Change {guest.Last} from this peer follows other changes than those held under the same names: a feed has forked.", "changes", code: EdgeErrorCode.ForkedFeed);
            append(guest.Change, admission, guest.Signature);
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
        _byLast.Clear();
        _ends.Clear();
        _bytes = 0;
    }

    /// <summary>How far the feed is held or waits here.</summary>
    public ulong EndOf(ReplicaId replica, ulong held) => _ends.TryGetValue(replica, out var end) && end.Counter > held ? end.Counter : held;

    /// <summary>The id of a change that waits here.</summary>
    public bool TryGetId(Dot last, out ChangeId id)
    {
        var found = _byLast.TryGetValue(last, out var guest);
        id = found ? guest!.Id : default;
        return found;
    }

    private void Add(Guest guest)
    {
        _guests.Add(guest);
        _byLast[guest.Last] = guest;
        _ends[guest.Last.Replica] = guest.Last;
        _bytes += guest.Change.Bytes.Length;
    }

    private void Check(ChangeLog log, Guest guest)
    {
        var replica = guest.Last.Replica;
        var owner = guest.Change.Header.Owner ?? OwnerOf(log, replica);
        if (!P256.Verify(owner, Seal.Digest(log.Database, guest.Last, guest.Id), guest.Signature.Span))
            throw new EdgeDataException($"The seal on change {guest.Last} is not its owner's: a change of this feed was altered on the way, or made up. Nothing of it was applied.", "changes.seal", code: EdgeErrorCode.InvalidSeal);
        foreach (var covered in _guests)
            if (covered.Last.Replica == replica && covered.Last.Counter <= guest.Last.Counter) covered.IsSealed = true;
        if (_byLast.TryGetValue(guest.Last, out var kept)) kept.Signature = guest.Signature;
    }

    private PublicKey OwnerOf(ChangeLog log, ReplicaId replica)
    {
        if (log.TryGetOwner(replica, out var owner)) return owner;
        foreach (var guest in _guests)
            if (guest.Last.Replica == replica && guest.Change.Header.Owner is { } key) return key;
        throw new System.Diagnostics.UnreachableException($"Feed {replica} was admitted without its first change.");
    }
}
