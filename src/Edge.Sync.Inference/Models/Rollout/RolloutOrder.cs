using System.Security.Cryptography;

namespace Edge.Sync.Inference;

/// <summary>Somebody's decision to roll a version out, and how far it has come.</summary>
/// <param name="Id">Follows from all that was decided; the stage is not part of it.</param>
/// <param name="Sequence">One more than that of any order its author had seen.</param>
/// <param name="Version">The manifest.</param>
/// <param name="Number">The version's number.</param>
/// <param name="Plan">By which stages.</param>
/// <param name="Overrides">The stops of this version that its author had seen, and decides to disregard.</param>
/// <param name="Stage">The stage it is in, from 0; it only grows. <c>Plan.StageCount</c>: through.</param>
internal sealed record RolloutOrder(DocumentId Id, long Sequence, DocumentId Version, long Number, RolloutPlan Plan, IReadOnlyList<DocumentId> Overrides, int Stage)
{
    public bool IsThrough => Stage >= Plan.StageCount;

    public bool IsInShadow => Plan.HasShadow && Stage == 0;

    /// <summary>The later decision counts; of concurrent ones the higher version, then the greater id: the same on every replica.</summary>
    public static int Compare(RolloutOrder left, RolloutOrder right)
    {
        var order = left.Sequence.CompareTo(right.Sequence);
        if (order == 0)
            order = left.Number.CompareTo(right.Number);
        return order != 0 ? order : left.Id.CompareTo(right.Id);
    }

    /// <summary>Whether a device answers by the version. Once it does, it does in every later stage.</summary>
    public bool Includes(ReplicaId device, string ring)
    {
        if (IsThrough)
            return true;
        var stages = Stage + 1 - (Plan.HasShadow ? 1 : 0);
        for (var i = 0; i < Math.Min(stages, Plan.Rings.Count); i++)
            if (Plan.Rings[i] == ring)
                return true;
        return stages > Plan.Rings.Count && ShareOf(device) < Plan.CanaryPercent[stages - Plan.Rings.Count - 1];
    }

    // Hashed with the order's id, so that not always the same devices go first.
    private double ShareOf(ReplicaId device)
    {
        Span<byte> message = stackalloc byte[DocumentId.SizeBytes + ReplicaId.SizeBytes];
        Id.WriteTo(message);
        device.WriteTo(message[DocumentId.SizeBytes..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(message, hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash) * (100.0 / (1L << 32));
    }
}

/// <summary>Somebody's decision, or a test's, that a version must not run.</summary>
internal sealed record RolloutStop(DocumentId Id, DocumentId Version);

/// <summary>What a device has seen of an order's version in a stage.</summary>
internal readonly record struct RolloutEvidence(DocumentId Order, ReplicaId Device, int Stage, long Frames, long Faults);
