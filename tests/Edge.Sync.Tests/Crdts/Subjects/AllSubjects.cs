using Edge.Sync.Crdts;
using Edge.Sync.Tests.Crdts.Laws;

namespace Edge.Sync.Tests.Crdts.Subjects;

/// <summary>Every type that the laws hold for. A new type is added here, and is tested.</summary>
internal static class AllSubjects
{
    /// <summary>The types that lie in nothing.</summary>
    public static CrdtSubject[] Simple { get; } =
    [
        new ExistenceSubject(),
        new RegisterSubject(),
        new CounterSubject(CrdtKind.Counter),
        new SetSubject(CrdtKind.Set),
        new TextSubject(),
        new ListSubject(),
        new CounterSubject(CrdtKind.GrowCounter),
        new BoundedCounterSubject(),
        new ExtremeSubject(CrdtKind.MaxRegister),
        new ExtremeSubject(CrdtKind.MinRegister),
        new FlagSubject(CrdtKind.EnableWinsFlag),
        new FlagSubject(CrdtKind.DisableWinsFlag),
        new GrowSetSubject(),
        new SetSubject(CrdtKind.RemoveWinsSet),
        new TreeSubject(),
        new EventLogSubject(),
        new RichTextSubject(),
        new LatticeSubject(),
    ];

    /// <summary>Maps of each of them, but of existence, which a map has of its own; and maps in maps.</summary>
    public static CrdtSubject[] Nested { get; } =
    [
        .. Simple.Skip(1).Select(s => new MapSubject(s)),
        new MapSubject(new MapSubject(new RegisterSubject())),
        new MapSubject(new MapSubject(new CounterSubject(CrdtKind.Counter))),
        new MapSubject(new MapSubject(new TextSubject())),
        new MapSubject(new MapSubject(new ListSubject())),
        new MapSubject(new MapSubject(new RichTextSubject())),
    ];

    public static CrdtSubject[] All { get; } = [.. Simple, .. Nested];
}
