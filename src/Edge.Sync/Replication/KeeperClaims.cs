using System.Buffers;
using Edge.Sync.Log;
using MessagePack;

namespace Edge.Sync.Replication;

/// <summary>
/// What is durable at replicas that never evict, as far as they have said so: only that may be evicted here (log rule F17). Others may drop at any time what they have acknowledged, and two of them that
/// rely on each other would drop the last copy. Not safe for use by several threads at once.
/// </summary>
/// <remarks>
/// <para>Invariant: of one claim, which is what one opening of a keeper's file has said, the ends and the absent documents of a claim were said together, or the ends before. A keeper loses nothing, so both stay true however old they are, and it does no harm to forget them.</para>
/// <para>An end counts only once the change that it names is held here under that id: a keeper that is further in a feed might hold another branch of it.</para>
/// </remarks>
internal sealed class KeeperClaims
{
    /// <summary>As many keepers are remembered, those that spoke last.</summary>
    public const int KeepersMax = 64;

    private const int EndsMax = 8;
    private const int BytesMax = 16 << 20;

    private readonly Dictionary<ulong, Claim> _claims = []; // by the opening of the keeper's file
    private long _clock;

    /// <summary>How many notes were taken since they were stored.</summary>
    public int UnsavedCount { get; set; }

    public bool IsEmpty => _claims.Count == 0;

    public void Take(KeeperNote note, ChangeLog log)
    {
        if (note.IsFirst)
        {
            foreach (var (instance, old) in _claims)
                if (old.Keeper == note.Keeper) _claims.Remove(instance);
        }
        // What a copy of the keeper's file said first may have taken this one's place: what it says from now on is true by itself.
        if (!_claims.TryGetValue(note.Instance, out var claim)) _claims[note.Instance] = claim = new(note.Keeper);
        foreach (var end in note.Ends)
            claim.Add(end, log);
        claim.Absent = note.Absent?.ToHashSet();
        claim.Said = ++_clock;
        UnsavedCount++;
        if (_claims.Count > KeepersMax) _claims.Remove(_claims.MinBy(static entry => entry.Value.Said).Key);
    }

    /// <summary>For each keeper what it holds of this log, by names here, and which documents it lacks. Those that do not say what they lack are left out.</summary>
    public List<(VersionVector Held, IReadOnlySet<DocumentKey> Absent)> Resolve(ChangeLog log)
    {
        var resolved = new List<(VersionVector, IReadOnlySet<DocumentKey>)>(_claims.Count);
        foreach (var claim in _claims.Values)
            if (claim.Absent is { } absent) resolved.Add((log.HeldBy(claim.Ends.Values.SelectMany(static ends => ends)), absent));
        return resolved;
    }

    /// <summary><c>[ keeper bin 16, instance int, [ replica bin 16, counter, id bin 32, ... ], nil or [ collection str, document id bin 16, ... ], ... ]</c>, the one that spoke last at the end. Empty where there is none.</summary>
    public byte[] ToBytes()
    {
        if (IsEmpty) return [];
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(_claims.Count * 4);
        foreach (var (instance, claim) in _claims.OrderBy(static entry => entry.Value.Said))
        {
            writer.Write(claim.Keeper.ToByteArray());
            writer.Write(instance);
            SyncMessage.WriteEnds(ref writer, [.. claim.Ends.Values.SelectMany(static ends => ends)]);
            SyncMessage.WriteDocuments(ref writer, claim.Absent?.Order().ToList());
        }
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Takes what was stored. What cannot be read is forgotten: peers say it again.</summary>
    public void Load(ReadOnlyMemory<byte> bytes)
    {
        _claims.Clear();
        if (bytes.IsEmpty || bytes.Length > BytesMax) return;
        try
        {
            var reader = new WireReader(bytes, default);
            for (var left = reader.ReadArrayHeader("keepers"); left > 0; left -= 4)
            {
                var claim = new Claim(reader.ReadReplicaId("keepers.keeper")) { Said = ++_clock };
                var instance = reader.ReadUInt64("keepers.instance");
                foreach (var end in SyncMessage.ReadEnds(ref reader, "keepers.ends", int.MaxValue))
                    claim.Add(end);
                claim.Absent = SyncMessage.ReadDocuments(ref reader, "keepers.absent", int.MaxValue)?.ToHashSet();
                _claims[instance] = claim;
            }
            reader.ReadEnd("keepers");
        }
        catch (EdgeDataException) { _claims.Clear(); }
    }

    private sealed class Claim(ReplicaId keeper)
    {
        public ReplicaId Keeper => keeper;

        /// <summary>By the feeds' own names. Several of one: it has forked, or its newest end is not known here so far.</summary>
        public Dictionary<ReplicaId, List<FeedEnd>> Ends { get; } = [];

        public HashSet<DocumentKey>? Absent { get; set; }

        public long Said { get; set; }

        public void Add(FeedEnd end)
        {
            if (!Ends.TryGetValue(end.Last.Replica, out var ends)) Ends.Add(end.Last.Replica, ends = []);
            ends.Remove(end);
            ends.Add(end);
        }

        public void Add(FeedEnd end, ChangeLog log)
        {
            Add(end);
            var ends = Ends[end.Last.Replica];
            if (ends.Count <= EndsMax) return;
            // Of those that are known here the furthest of each branch; of the others the newest.
            var known = new Dictionary<ReplicaId, FeedEnd>();
            var unknown = new List<FeedEnd>();
            foreach (var other in ends)
                if (!log.TryFind(other, out var held)) unknown.Add(other);
                else if (!known.TryGetValue(held.Replica, out var far) || far.Last.Counter < held.Counter) known[held.Replica] = other;
            Ends[end.Last.Replica] = [.. known.Values, .. unknown.TakeLast(EndsMax / 2)];
        }
    }
}
