using System.Security.Cryptography;

namespace Edge.Sync.Log;

/// <summary>
/// How far a replica holds each feed, with the id of each feed's last change there: ids make equal counters with different contents visible. Immutable.
/// </summary>
internal sealed class LogVersion
{
    private static readonly Comparer<FeedEnd> s_byReplica = Comparer<FeedEnd>.Create(static (a, b) => a.Last.Replica.CompareTo(b.Last.Replica));

    private readonly FeedEnd[] _ends;
    private Hash256? _fingerprint;

    /// <param name="ends">Ascending by replica.</param>
    /// <param name="sequence">The place of the newest change of this version in its holder's order of arrival.</param>
    public LogVersion(FeedEnd[] ends, long sequence) => (_ends, Sequence) = (ends, sequence);

    public static LogVersion Empty { get; } = new([], 0);

    /// <summary>The ends of all feeds, ascending by replica.</summary>
    public ReadOnlySpan<FeedEnd> Ends => _ends;

    /// <summary>The feed of each end, where one is that of a branch; null where all are the feeds' own.</summary>
    public ReplicaId[]? Roots { get; init; }

    /// <summary>What this replica wrote itself, under its own id and under ids that it has left: from behind which counter up to which.</summary>
    public (ReplicaId Feed, ulong After, ulong Last)[] Own { get; init; } = [];

    /// <summary>How many branches feeds have. Where it has grown, ends have other names than before.</summary>
    public int BranchCount { get; init; }

    /// <summary>The feeds that have forked.</summary>
    public IReadOnlyList<ForkedFeed> Forks { get; init; } = [];

    /// <summary>Whether this replica never evicts: what it holds stays there.</summary>
    public bool KeepsAll { get; init; }

    /// <summary>The documents of which sections are absent, ascending; null where there are too many to name, or the replica may evict. The same object as long as they are the same.</summary>
    public IReadOnlyList<DocumentKey>? Absent { get; init; }

    /// <summary>The feeds whose changes lay far ahead of this device's clock.</summary>
    public IReadOnlyList<FastClock> FastClocks { get; init; } = [];

    /// <summary>Local: it never goes on the wire.</summary>
    public long Sequence { get; }

    /// <summary>SHA-256 over replicas, counters and ids: equal on two replicas exactly when they hold the same changes.</summary>
    public Hash256 Fingerprint => _fingerprint ??= ComputeFingerprint();

    /// <summary>Ends of this version with the feeds' own names in the place of their branches': what peers are told. One feed has several ends then.</summary>
    public FeedEnd[] ByFeed(ReadOnlySpan<FeedEnd> ends)
    {
        var named = ends.ToArray();
        if (Roots is null) return named;
        foreach (ref var end in named.AsSpan())
            end = end with { Last = end.Last with { Replica = Roots[Array.BinarySearch(_ends, end, s_byReplica)] } };
        return named;
    }

    /// <summary>Whether both name the same changes.</summary>
    public bool Names(LogVersion other) => _ends.AsSpan().SequenceEqual(other._ends);

    private Hash256 ComputeFingerprint()
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[ReplicaId.SizeBytes + sizeof(ulong) + Hash256.SizeBytes];
        foreach (var end in _ends)
        {
            end.Last.Replica.WriteTo(bytes);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes[ReplicaId.SizeBytes..], end.Last.Counter);
            end.Id.Hash.WriteTo(bytes[(ReplicaId.SizeBytes + sizeof(ulong))..]);
            sha.AppendData(bytes);
        }
        sha.GetHashAndReset(bytes);
        return Hash256.FromBytes(bytes);
    }
}
