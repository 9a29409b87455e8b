using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Tests.Log;

namespace Edge.Sync.Tests.Fuzzing.Codecs;

/// <summary>Every decoder of the product. A new one is added here in one line; a new CRDT comes with its subject.</summary>
internal static class AllCodecs
{
    public static IReadOnlyList<FuzzCodec> All { get; } =
    [
        .. Kinds.Select(kind => new DeltaCodec(kind)),
        .. Kinds.Select(kind => new StateCodec(kind)),
        .. Kinds.Select(kind => new FragmentCodec(kind)),
    ];

    private static IEnumerable<CrdtKind> Kinds => Enum.GetValues<CrdtKind>().Where(CrdtState.IsKnown);
}
