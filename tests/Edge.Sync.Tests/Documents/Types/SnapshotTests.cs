using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync.Tests.Documents.Types;

/// <summary>Snapshots: what they cost, who may read them, and what an older class makes of them.</summary>
public class SnapshotTests
{
    [Fact]
    public async Task Reading_a_scalar_of_a_snapshot_again_allocates_nothing()
    {
        await using var replicas = await TwoReplicas.StartAsync(static p =>
        {
            p.Minutes.Add(1);
            p.Pieces.Add(1);
            p.Seats.Grant(1);
            p.NeedsAttention.Value = true;
            p.Peak.Reach(1);
            p.Priority.Value = Priority.High;
            p.Address.Number = 3;
            p.Address.Place.Latitude = 3;
            p.Outline.Add("x");
        });
        var plant = await replicas.ReadAsync(replicas.Alice);
        // Code that the JIT has not optimized yet boxes where it need not: wait for it, in rounds of reads.
        const int Rounds = 20_000;
        long allocated = -1;
        for (var round = 0; round < Rounds && allocated != 0; round++)
        {
            var (before, sum) = (GC.GetAllocatedBytesForCurrentThread(), 0.0);
            for (var i = 0; i < 1000; i++) sum += Read(plant);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(13 * 1000, sum);
        }
        Assert.Equal(0, allocated);

        static double Read(Plant p) => p.Minutes + p.Pieces + p.Seats.Value + (p.NeedsAttention ? 1 : 0) + (p.Consent ? 1 : 0) + p.Peak.Value + (int)p.Priority.Value
            + p.Address.Number!.Value + p.Address.Place.Latitude + p.Stock.Count + p.History.Count;
    }

    [Fact]
    public async Task Many_threads_read_one_snapshot()
    {
        await using var replicas = await TwoReplicas.StartAsync(static p =>
        {
            for (var i = 0; i < 300; i++)
            {
                p.Outline.Add($"{i}", p.Outline.Count > 0 && i % 3 == 0 ? p.Outline.First().Id : default);
                p.Trees[Guid.Empty].Add($"{i}");
                p.Plan.Insert(i / 2, $"{i}");
            }
        });
        for (var round = 0; round < 20; round++)
        {
            var plant = await replicas.ReadAsync(replicas.Alice);
            using var start = new Barrier(4);
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                start.SignalAndWait();
                Assert.Equal((300, 300), (plant.Outline.Count, plant.Trees[Guid.Empty].Count));
                Assert.Equal(300, plant.Plan.Distinct().Count());
            })));
        }
    }

    [Fact]
    public async Task Older_class_keeps_what_it_does_not_know()
    {
        await using var replicas = await TwoReplicas.StartAsync(static p =>
        {
            p.Stock["pump"].Add(30);
            p.Address.City = "Rome";
            p.Address.Place.Latitude = 41.9;
            p.Outline.Add("a");
            p.History.Append("first");
            p.Consent.Value = true;
        });
        await replicas.Bob.Documents<OldPlant>().EditAsync(DocumentId.Named("plant-1"), static p => (p.Name, p.Address.Number) = ("old", 7));
        var old = (await replicas.Bob.Documents<OldPlant>().ToListAsync()).Single();
        Assert.Equal(("old", 7), (old.Name, old.Address.Number));
        var plant = await replicas.MergeAsync();
        Assert.Equal(("old", 30, "Rome", 7, 41.9), (plant.Name, plant.Stock["pump"].Value, plant.Address.City, plant.Address.Number, plant.Address.Place.Latitude));
        Assert.Equal(("a", "first", true), (plant.Outline.Single().Value, plant.History[0], plant.Consent.Value));
    }

    [Fact]
    public async Task Values_of_another_type_read_as_defaults_and_are_kept()
    {
        await using var replicas = await TwoReplicas.StartAsync(static p =>
        {
            p.Labels[1] = "one";
            p.Status.Value = "text";
            p.Peak.Reach(4.5);
            p.History.Append("event");
            p.Plan.Add("plan");
            p.Outline.Add("node");
            p.Tags.Add("tag");
            p.Stock["pump"].Add(1);
        });
        var other = (await replicas.Alice.Documents<OtherPlant>().ToListAsync()).Single();
        Assert.Equal((0, 0, false, 0), (other.Labels[1], other.Status.Value, other.Peak.HasValue, other.Peak.Value));
        Assert.Empty(other.Status.Values);
        Assert.Equal([0], other.History);
        Assert.Equal([0], other.Plan);
        Assert.Equal(0, other.Outline.Single().Value);
        Assert.Empty(other.Tags);
        Assert.Equal(0, other.Stock["pump"].Value);
        Assert.Equal(1, await replicas.Alice.Documents<OtherPlant>().Where(static p => p.Peak.Value == 0 && !p.Peak.HasValue && p.Status.Value == 0 && p.History.Contains(0)).CountAsync());
        await Database.Rebuilding.AssertEqualAsync(replicas.Alice);
        await replicas.Alice.Documents<OtherPlant>().EditAsync(other.Id, static p => p.Stock["pump"].Add(5));
        var plant = await replicas.MergeAsync();
        Assert.Equal(("one", "text", 4.5, "event", 1), (plant.Labels[1], plant.Status.Value, plant.Peak.Value, plant.History[0], plant.Stock["pump"].Value));
    }

    [Fact]
    public void Very_many_fields_in_the_worst_order_take_no_quadratic_time()
    {
        const int FieldCount = 400_000;
        var document = new DocumentState(DocumentId.Named("hostile"), "plant");
        var author = ReplicaId.FromBytes(new byte[16]);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (var i = FieldCount; i > 0; i--)
            document.Join((uint)i, new CounterState().Add(new(author, (ulong)(FieldCount - i + 1)), 1), default);
        var bytes = DocumentCodec.Write(document);
        Assert.Equal(FieldCount, DocumentCodec.Read(document.Key, bytes).Fields.Length);
        // A second or two; moving 400,000 entries 400,000 times takes minutes.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed}");
    }
}

/// <summary>An older version of <see cref="Plant"/>.</summary>
[EdgeDocument("plant")]
public partial class OldPlant
{
    public partial string Name { get; set; }
    public partial OldAddress Address { get; }
}

[EdgeObject]
public partial class OldAddress
{
    public partial int? Number { get; set; }
}

/// <summary>A version of <see cref="Plant"/> whose fields have other types.</summary>
[EdgeDocument("plant")]
public partial class OtherPlant
{
    public partial ReplicatedMap<int, int> Labels { get; }
    public partial Register<int> Status { get; }
    public partial MaxRegister<int> Peak { get; }
    public partial EventLog<int> History { get; }
    public partial ReplicatedList<int> Plan { get; }
    public partial ReplicatedTree<int> Outline { get; }
    public partial ReplicatedSet<int> Tags { get; }
    public partial ReplicatedMap<string, GrowCounter> Stock { get; }
}
