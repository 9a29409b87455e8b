namespace Edge.Sync.Tests.Documents.Types;

/// <summary>The states of a document, for each property type: made with new, in a callback, dead after it, a snapshot.</summary>
public class StateTests
{
    private static readonly Dictionary<string, Action<Plant>> s_writes = new()
    {
        ["Counter.Add"] = static p => p.Minutes.Add(1),
        ["GrowCounter.Add"] = static p => p.Pieces.Add(1),
        ["BoundedCounter.Grant"] = static p => p.Seats.Grant(1),
        ["BoundedCounter.TrySpend"] = static p => p.Seats.TrySpend(1),
        ["BoundedCounter.TryTransfer"] = static p => p.Seats.TryTransfer(default, 1),
        ["BoundedCounter.TryReclaim"] = static p => p.Seats.TryReclaim(default, 1),
        ["EnableWinsFlag.Value"] = static p => p.NeedsAttention.Value = true,
        ["DisableWinsFlag.Value"] = static p => p.Consent.Value = true,
        ["Register.Value"] = static p => p.Status.Value = "x",
        ["MaxRegister.Reach"] = static p => p.Peak.Reach(1),
        ["MinRegister.Reach"] = static p => p.Lowest.Reach(1),
        ["ReplicatedSet.Add"] = static p => p.Tags.Add("x"),
        ["ReplicatedSet.Remove"] = static p => p.Tags.Remove("x"),
        ["GrowSet.Add"] = static p => p.SignedBy.Add(default),
        ["RemoveWinsSet.Add"] = static p => p.Operators.Add("x"),
        ["RemoveWinsSet.Remove"] = static p => p.Operators.Remove("x"),
        ["ReplicatedRichText.Append"] = static p => p.Manual.Append("x"),
        ["ReplicatedRichText.Mark"] = static p => p.Manual.Mark(.., "bold", true),
        ["ReplicatedRichText.Unmark"] = static p => p.Manual.Unmark(.., "bold"),
        ["ReplicatedText.Append"] = static p => p.Notes.Append("x"),
        ["ReplicatedMap.Add"] = static p => p.Stock.Add("x"),
        ["ReplicatedMap.Remove"] = static p => p.Stock.Remove("x"),
        ["ReplicatedMap setter"] = static p => p.Labels[1] = "x",
        ["Counter in a map"] = static p => p.Stock["x"].Add(1),
        ["set in a map in a map"] = static p => p.Bins[Sync.Tests.Priority.Low]["x"].Add(1),
        ["field of an object"] = static p => p.Address.City = "x",
        ["counter of an object in a map"] = static p => p.Steps["x"].Minutes.Add(1),
        ["object into a map"] = static p => p.Steps["x"] = new WorkStep { Text = "x" },
        ["field of an object in an object"] = static p => p.Address.Place.Latitude = 1,
        ["ReplicatedTree.Add"] = static p => p.Outline.Add("x"),
        ["ReplicatedTree.Delete"] = static p => p.Outline.Delete(default),
        ["ReplicatedTree.Move"] = static p => p.Outline.Move(default, default),
        ["ReplicatedList.Add"] = static p => p.Plan.Add("x"),
        ["ReplicatedList.InsertRange"] = static p => p.Plan.InsertRange(0),
        ["ReplicatedList.MoveRange"] = static p => p.Plan.MoveRange(0, 0, 0),
        ["ReplicatedList.RemoveRange"] = static p => p.Plan.RemoveRange(0, 0),
        ["ReplicatedList setter"] = static p => p.Plan[0] = "x",
        ["EventLog.Append"] = static p => p.History.Append("x"),
    };

    public static TheoryData<string> Writes() => [.. s_writes.Keys];

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task Snapshot_and_dead_draft_refuse_writes_and_name_the_cure(string write)
    {
        await using var replicas = await TwoReplicas.StartAsync();
        Plant? draft = null;
        await replicas.EditAsync(replicas.Alice, p => draft = p);
        foreach (var dead in new[] { draft!, await replicas.ReadAsync(replicas.Alice) })
            Assert.Contains("EditAsync", Assert.Throws<InvalidOperationException>(() => s_writes[write](dead)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void New_document_reads_as_empty()
    {
        var plant = new Plant();
        Assert.Equal((0, 0, 0, 0, 0), (plant.Pieces.Value, plant.Seats.Value, plant.Seats.Available, plant.Seats.Overdraft, plant.Seats.Rights.Count));
        Assert.Equal((false, false), (plant.NeedsAttention.Value, plant.Consent.Value));
        Assert.Equal(("", 0, Sync.Tests.Priority.Low), (plant.Status.Value, plant.Status.Values.Count, plant.Priority.Value));
        Assert.Equal((false, 0.0, "", default, 0), (plant.Peak.HasValue, plant.Peak.Value, plant.LastTag.Value, plant.FirstSeen.Value, plant.Lowest.Value));
        Assert.Equal((0, 0), (plant.SignedBy.Count, plant.Operators.Count));
        Assert.Empty(plant.SignedBy);
        Assert.Empty(plant.Operators);
        Assert.Empty(plant.Stock);
        Assert.Empty(plant.Outline);
        Assert.Empty(plant.Outline.Children());
        Assert.Empty(plant.History);
        Assert.Empty(plant.Plan);
        Assert.Equal(("Depot", null, 0m, 0.0, ""), (plant.Address.City, plant.Address.Number, plant.Address.Rent, plant.Address.Place.Latitude, plant.Address.Place.Id));
    }

    [Fact]
    public void Value_of_no_document_reads_as_empty_and_refuses_writes()
    {
        Assert.Equal(0, default(GrowCounter).Value);
        Assert.Throws<InvalidOperationException>(static () => default(GrowCounter).Add(1));
    }

    [Fact]
    public async Task Document_made_with_new_is_added_with_all_that_was_put_in()
    {
        await using var replicas = await TwoReplicas.StartAsync();
        var bob = await replicas.Bob.GetReplicaIdAsync();
        var made = new Plant
        {
            Name = "made",
            NeedsAttention = { Value = true },
            Consent = { Value = true },
            Status = { Value = "new" },
            Priority = { Value = Sync.Tests.Priority.High },
            Tags = { "b", "a" },
            SignedBy = { DocumentId.Named("1") },
            Operators = { "bob", "alice" },
            Plan = { "one", "two", "three" },
            Labels = { [2] = "two", [1] = "one" },
            Steps = { ["s"] = new WorkStep { Text = "step", Parts = { ["bolt"] = 4 } } },
            Address = { City = "Rome", Number = 3, Open = { Value = true }, Doors = { "front" }, Place = { Longitude = 12.5 } },
        };
        made.Pieces.Add(7);
        made.Seats.Grant(10);
        Assert.True(made.Seats.TrySpend(3));
        Assert.True(made.Seats.TryTransfer(bob, 2));
        Assert.False(made.Seats.TrySpend(6));
        made.Peak.Reach(5);
        made.Peak.Reach(2);
        made.FirstSeen.Reach(DateTimeOffset.UnixEpoch);
        made.Operators.Remove("alice");
        made.Stock["pump"].Add(30);
        made.Stock.Add("empty");
        made.Bins[Sync.Tests.Priority.High]["left"].Add(7);
        made.Remarks["en"].Append("new");
        made.Trees[Guid.Empty].Add("in a map");
        made.Address.Highest.Reach(2.5);
        var top = made.Outline.Add("top");
        made.Outline.Add("second", made.Outline.Add("child", top));
        made.Outline.Insert(top, 0, "first");
        made.Outline.Delete(made.Outline.Add("gone"));
        made.History.Append("made");
        made.Plan.Move(2, 0);
        made.Queues["q"].Add(4);
        made.History.Append("painted");
        var id = (await replicas.Alice.Documents<Plant>().AddAsync(made)).DocumentId;
        await replicas.MergeAsync();

        var plant = (await replicas.Bob.Documents<Plant>().FindAsync(id))!;
        Assert.Equal(("made", 7, 7, 2), (plant.Name, plant.Pieces.Value, plant.Seats.Value, plant.Seats.Available));
        Assert.Equal(5, plant.Seats.Rights[await replicas.Alice.GetReplicaIdAsync()]);
        Assert.True(plant.NeedsAttention && plant.Consent);
        Assert.Equal(("new", Sync.Tests.Priority.High), (plant.Status.Value, plant.Priority.Value));
        Assert.Equal((5, DateTimeOffset.UnixEpoch, false), (plant.Peak.Value, plant.FirstSeen.Value, plant.Lowest.HasValue));
        Assert.Equal(["a", "b"], plant.Tags);
        Assert.Equal([DocumentId.Named("1")], plant.SignedBy);
        Assert.Equal(["bob"], plant.Operators);
        Assert.Equal([("empty", 0), ("pump", 30)], plant.Stock.Select(static e => (e.Key, e.Value.Value)));
        Assert.Equal([7], plant.Bins[Sync.Tests.Priority.High]["left"]);
        Assert.Equal("new", plant.Remarks["en"].Value);
        Assert.Equal("in a map", plant.Trees[Guid.Empty].Single().Value);
        Assert.Equal([(1, "one"), (2, "two")], plant.Labels.Select(static e => (e.Key, e.Value)));
        Assert.Equal(("step", false, 4), (plant.Steps["s"].Text, plant.Steps["s"].Done, plant.Steps["s"].Parts["bolt"]));
        Assert.Equal(("Rome", 3, 2.5, true), (plant.Address.City, plant.Address.Number, plant.Address.Highest.Value, plant.Address.Open.Value));
        Assert.Equal(("front", 12.5, 0), (plant.Address.Doors.Single(), plant.Address.Place.Longitude, plant.Address.Place.Latitude));
        Assert.Equal(["top", "-first", "-child", "--second"], plant.Outline.Select(static n => new string('-', n.Depth) + n.Value));
        Assert.Equal(["made", "painted"], plant.History);
        Assert.Equal(["three", "one", "two"], plant.Plan);
        Assert.Equal([4], plant.Queues["q"]);
    }

    [Fact]
    public async Task Edit_that_has_nothing_to_say_writes_nothing()
    {
        await using var replicas = await TwoReplicas.StartAsync(static p => { p.Peak.Reach(5); p.SignedBy.Add(default); });
        var receipt = await replicas.Alice.Documents<Plant>().EditAsync(DocumentId.Named("plant-1"), static p =>
        {
            Assert.False(p.Peak.Reach(5));
            Assert.False(p.Peak.Reach(double.NaN));
            Assert.False(p.SignedBy.Add(default));
            Assert.False(p.Seats.TrySpend(1));
            Assert.False(p.Tags.Remove("x"));
            Assert.False(p.Stock.Remove("x"));
            Assert.False(p.Outline.Delete(default));
            Assert.Equal(0, p.Stock["x"].Value); // reading makes no key
            Assert.Equal("Depot", p.Address.City);
        });
        Assert.Null(receipt.ChangeId);
    }
}
