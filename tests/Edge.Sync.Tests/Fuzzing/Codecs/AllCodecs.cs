using Edge.Sync.Crdts;
using Edge.Sync.Projections;
using Edge.Sync.Tests.Log;
using Edge.Sync.Tests.Projections;

namespace Edge.Sync.Tests.Fuzzing.Codecs;

/// <summary>Every decoder of the product. A new one is added here in one line; a new CRDT comes with its subject.</summary>
internal static class AllCodecs
{
    public static IReadOnlyList<FuzzCodec> All { get; } =
    [
        .. Kinds.Select(kind => new DeltaCodec(kind)),
        .. Kinds.Select(kind => new StateCodec(kind)),
        .. Kinds.Select(kind => new FragmentCodec(kind)),
        new CompactTextCodec(),
        new TextHistoryCodec(),
        new ValueFuzzCodec(),
        new ChangeFuzzCodec(),
        new SectionCodec(),
        new EncryptedSectionCodec(),
        new RecordCodec(),
        new DocumentStateCodec(),
        new UndoStepCodec(),
        new MessageCodec(),
        new SessionCodec(),
        new RoundTripCodec<ProjectionDefinition>("projection", () => [new ProjectionDefinition("job", Changes.SchemaOf<Job>().Fields).ToBytes(), new ProjectionDefinition("job", [.. Changes.SchemaOf<Job>().Fields.Select(static (field, i) => field with { IsIndexed = i % 2 == 0, IsSearchable = i == 0 })]).ToBytes(isStale: true), new ProjectionDefinition("gauge", Changes.SchemaOf<Gauge>().Fields).ToBytes()],
            bytes => ProjectionDefinition.Read("job", bytes), static definition => definition.ToBytes(definition.IsStale)),
    ];

    private static IEnumerable<CrdtKind> Kinds => Enum.GetValues<CrdtKind>().Where(CrdtState.IsKnown);
}
