using System.Buffers;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Tests.Documents.Types;
using Edge.Sync.Tests.Log;
using Edge.Sync.Trust.Content;

namespace Edge.Sync.Tests.Pasts;

/// <summary>Every delta tells all operations that it names: beside what its bytes say.</summary>
public class NamedDotsTests
{
    private static readonly Dot s_first = new(new(0, 1), 100);

    /// <summary>Each dot by another replica: whose id stands in the bytes is shown.</summary>
    public static TheoryData<string, int> Deltas() => [.. All().Select(static delta => (delta.What, delta.Named))];

    [Theory]
    [MemberData(nameof(Deltas))]
    public void Delta_shows_each_operation_that_it_names(string what, int named)
    {
        var delta = All().Single(one => one.What == what).Delta;
        var shown = new Shown();
        delta.VisitNamed(shown);
        Assert.Equal(Enumerable.Range(0, named).Select(Other).ToHashSet(), shown.Dots.ToHashSet());
        Assert.Equal(named, shown.Dots.Count);
    }

    [Fact]
    public void Every_kind_is_among_them() =>
        Assert.Equal(Enumerable.Range(0, (int)CrdtKind.Lattice + 1).Select(static kind => (CrdtKind)kind), All().Select(static delta => delta.Delta.Kind).Distinct().Order());

    /// <summary>Of real edits of every type, the replicas in a section's bytes are those of the operations that it shows; but a bounded counter names replicas, too.</summary>
    [Fact]
    public void Replicas_in_the_bytes_of_real_deltas_are_those_of_the_operations_shown()
    {
        var random = new Random(1);
        var replicas = Enumerable.Range(1, 3).Select(static seed => Changes.NewReplica(seed)).ToArray();
        var id = DocumentId.Named("plant");
        for (var step = 0; step < 300; step++)
        {
            var replica = replicas[random.Next(replicas.Length)];
            if (random.Next(3) == 0) Changes.Push(replicas[random.Next(replicas.Length)], replica);
            replica.Begin();
            replica.Edit(draft => EveryTypeTests.EditAny(Changes.Attach<Plant>(draft, id), random, replicas[0].Log.Self));
            replica.Commit();
        }
        var foreign = new HashSet<CrdtKind>();
        foreach (var change in replicas.SelectMany(Changes.All))
            foreach (var section in ChangeCodec.ReadSections(change.Body))
                foreach (var (_, delta) in DocumentSection.Read(section, new(change.Header.Replica, change.Header.First), change.Header.Count, NoKeys.Instance)!.Operations)
                {
                    if (delta.Kind == CrdtKind.BoundedCounter) continue;
                    var shown = new Shown();
                    delta.VisitNamed(shown);
                    var table = new ReplicaTable();
                    var writer = new WireWriter(new ArrayBufferWriter<byte>(), table);
                    delta.Write(ref writer);
                    Assert.Equal(table.Replicas.Where(replica => replica != change.Header.Replica).ToHashSet(), shown.Dots.Select(static dot => dot.Replica).Where(replica => replica != change.Header.Replica).ToHashSet());
                    if (shown.Dots.Exists(dot => dot.Replica != change.Header.Replica)) foreign.Add(delta.Kind);
                }
        Assert.Superset(new HashSet<CrdtKind> { CrdtKind.Register, CrdtKind.Set, CrdtKind.Text, CrdtKind.RichText, CrdtKind.List, CrdtKind.Map, CrdtKind.Tree }, foreign);
    }

    private static Dot Other(int number) => new(new(1, (ulong)number), 7);

    private static Dot[] Others(int from, int count) => [.. Enumerable.Range(from, count).Select(Other)];

    private static (string What, Delta Delta, int Named)[] All()
    {
        var value = new ValueBytes(new byte[] { 1 });
        var range = new Edge.Sync.Crdts.Sequences.DotRange(Other(0) with { Counter = 3 }, 4);
        var text = TextDelta.Insertion(s_first, Other(0), false, "x");
        return
        [
            ("existence said", ExistenceDelta.Touch(s_first, Others(0, 2)), 2),
            ("existence taken back", ExistenceDelta.Delete(s_first, Others(0, 2), true), 2),
            ("value", new RegisterDelta(s_first, value, Others(0, 2)), 2),
            ("value taken away", RegisterDelta.Clear(s_first, Others(0, 2)), 2),
            ("increment", new CounterDelta(CrdtKind.Counter, s_first, 1), 0),
            ("growth", new CounterDelta(CrdtKind.GrowCounter, s_first, 1), 0),
            ("addition", SetDelta.Add(CrdtKind.Set, s_first, value, Others(0, 2)), 2),
            ("removal", SetDelta.Remove(CrdtKind.RemoveWinsSet, s_first, value, Others(0, 2)), 2),
            ("text", text, 1),
            ("text before all", TextDelta.Insertion(s_first, default, false, "x"), 0),
            ("deletion of text, up to its last character", TextDelta.Deletion(s_first, [range]), 1),
            ("elements", ListDelta.Insert(s_first, Other(0), true, [value]), 1),
            ("elements moved", ListDelta.Move(s_first, Other(0), false, [new(Other(1), 1), new(Other(2), 1)]), 3),
            ("element set", ListDelta.Set(s_first, Other(0), value, Others(1, 2)), 3),
            ("elements deleted", ListDelta.Delete(s_first, [range], [new(Other(1), Others(2, 2)), new(Other(4), [Other(5)])]), 6),
            ("marked text", new Edge.Sync.Crdts.RichText.RichTextDelta(s_first, text, 1, [new("bold", value, new(Other(1), true), new(Other(2), false)), new("link", value, Edge.Sync.Crdts.RichText.MarkAnchor.Start, new(Other(3), true))]), 4),
            ("rights handed on", new BoundedCounterDelta(s_first, RightsOperation.Transfer, 1, new(1, 0)), 0),
            ("greatest", new ExtremeDelta(CrdtKind.MaxRegister, s_first, value), 0),
            ("least", new ExtremeDelta(CrdtKind.MinRegister, s_first, value), 0),
            ("flag raised", new FlagDelta(CrdtKind.EnableWinsFlag, s_first, true, Others(0, 2)), 2),
            ("flag lowered", new FlagDelta(CrdtKind.DisableWinsFlag, s_first, false, Others(0, 2)), 2),
            ("element for good", new GrowSetDelta(s_first, value), 0),
            ("edit under a key", MapDelta.Edit(value, MapDelta.Edit(value, text)), 1),
            ("key removed", MapDelta.Remove(s_first, value, Others(0, 2)), 2),
            ("node", TreeDelta.Create(s_first, 1, Other(0), [1], value), 1),
            ("node at the top", TreeDelta.Create(s_first, 1, TreeState.Root, [1], value), 0),
            ("node moved", TreeDelta.Move(s_first, 1, Other(0), Other(1), [1]), 2),
            ("node deleted", TreeDelta.Delete(s_first, 1, Other(0)), 1),
            ("event", new EventLogDelta(s_first, 1, value), 0),
            ("lattice", new LatticeDelta(s_first, value, Others(0, 2)), 2),
        ];
    }

    private sealed class Shown : IDotVisitor
    {
        public List<Dot> Dots { get; } = [];

        public void Visit(Dot dot) => Dots.Add(dot);
    }
}
