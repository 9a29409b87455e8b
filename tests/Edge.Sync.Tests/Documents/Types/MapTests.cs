namespace Edge.Sync.Tests.Documents.Types;

/// <summary>Maps, and the objects that lie in documents as maps.</summary>
public class MapTests
{
    [Fact]
    public async Task Edit_under_a_key_wins_over_a_removal_that_had_not_seen_it()
    {
        await using var replicas = await TwoReplicas.StartAsync(static p => { p.Stock["pump"].Add(30); p.Stock["seal"].Add(1); });
        var plant = await replicas.MergeAsync(static p => { Assert.True(p.Stock.Remove("pump")); p.Stock.Remove("seal"); }, static p => p.Stock["pump"].Add(5));
        Assert.Equal([("pump", 5)], plant.Stock.Select(static e => (e.Key, e.Value.Value)));
        Assert.Equal("""{"pump":5}""", replicas.Sql("Stock"));
        plant = await replicas.MergeAsync(static p => p.Stock["pump"].Add(1), static p => p.Stock["pump"].Add(2));
        Assert.Equal(8, plant.Stock["pump"].Value);
    }

    [Fact]
    public async Task Renewed_key_outlives_a_removal_that_had_not_seen_that()
    {
        await using var replicas = await TwoReplicas.StartAsync(static p => { p.Stock["a"].Add(30); p.Stock.Add("b"); });
        var plant = await replicas.MergeAsync(static p => { p.Stock.Remove("a"); p.Stock.Remove("b"); }, static p => p.Stock.Add("b"));
        Assert.Equal(["b"], plant.Stock.Keys);
        Assert.Equal(0, plant.Stock.Values.Single().Value);
    }

    [Fact]
    public async Task Plain_value_under_a_key_is_a_register()
    {
        await using var replicas = await TwoReplicas.StartAsync(static p => p.Labels[7] = "seven");
        await replicas.EditAsync(replicas.Alice, static p => (p.Labels[7], p.Labels[-1]) = ("A", "minus"));
        var plant = await replicas.MergeAsync(bob: static p => p.Labels[7] = "B");
        Assert.Contains(plant.Labels[7], new[] { "A", "B" });
        Assert.Equal(plant.Labels[7], (await replicas.ReadAsync(replicas.Alice)).Labels[7]);
        Assert.Equal([-1, 7], plant.Labels.Keys);
        Assert.True(plant.Labels.TryGetValue(-1, out var label));
        Assert.Equal("minus", label);
        Assert.False(plant.Labels.TryGetValue(8, out _));
        Assert.False(plant.Labels.ContainsKey(8));
        Assert.Throws<KeyNotFoundException>(() => plant.Labels[8]);
        Assert.Equal("minus", replicas.Sql("Labels ->> '$.\"-1\"'"));
    }

    [Fact]
    public async Task Maps_lie_in_each_other_and_merge_key_by_key()
    {
        await using var replicas = await TwoReplicas.StartAsync(static p => p.Bins[Priority.Low]["x"].Add(1));
        var plant = await replicas.MergeAsync(
            static p => { p.Bins[Priority.Low]["x"].Add(2); p.Remarks["a"].Append("Alice. "); p.Trees[Guid.Empty].Add("A"); },
            static p => { p.Bins[Priority.Low]["y"].Add(3); p.Bins[Priority.High]["x"].Remove(9); p.Remarks["a"].Append("Bob. "); p.Trees[Guid.Empty].Add("B"); });
        Assert.Equal([1, 2], plant.Bins[Priority.Low]["x"]);
        Assert.Equal([3], plant.Bins[Priority.Low]["y"]);
        Assert.Equal([Priority.Low], plant.Bins.Keys); // nothing was there to remove
        Assert.Contains(plant.Remarks["a"].Value, new[] { "Alice. Bob. ", "Bob. Alice. " });
        Assert.Equal(["A", "B"], plant.Trees[Guid.Empty].Select(static n => n.Value).Order());
        Assert.Equal("""{"0":{"x":[1,2],"y":[3]}}""", replicas.Sql("Bins"));
        plant = await replicas.MergeAsync(static p => p.Bins[Priority.Low].Remove("x"));
        Assert.Equal(["y"], plant.Bins[Priority.Low].Keys);
    }

    [Fact]
    public async Task Object_in_a_property_merges_field_by_field()
    {
        await using var replicas = await TwoReplicas.StartAsync(static p => p.Address.City = "Rome");
        var plant = await replicas.MergeAsync(
            static p => { p.Address.City = "Oslo"; p.Address.Doors.Add("front"); p.Address.Place.Latitude = 59.9; },
            static p => { p.Address.Number = 3; p.Address.Doors.Add("back"); p.Address.Place.Longitude = 10.7; });
        Assert.Equal(("Oslo", 3), (plant.Address.City, plant.Address.Number));
        Assert.Equal(["back", "front"], plant.Address.Doors);
        Assert.Equal((59.9, 10.7), (plant.Address.Place.Latitude, plant.Address.Place.Longitude));
        Assert.Same(plant.Address, plant.Address);
        Assert.Equal(
            """{"City":"Oslo","Number":3,"Rent":"0","Since":"0001-01-01T00:00:00.0000000Z","Highest":null,"Open":0,"Way":"","Doors":["back","front"],"Place":{"Latitude":59.9,"it's long":10.7,"Id":""}}""",
            replicas.Sql("Address"));
    }

    [Fact]
    public async Task Object_that_was_made_with_new_replaces_what_its_author_had_seen_under_a_key()
    {
        await using var replicas = await TwoReplicas.StartAsync(static p => { p.Steps["a"] = new WorkStep { Text = "first", Done = true }; p.Steps["a"].Minutes.Add(30); });
        var plant = await replicas.MergeAsync(static p => p.Steps["a"] = new WorkStep { Text = "second" }, static p => p.Steps["a"].Minutes.Add(5));
        Assert.Equal(("second", false, 5), (plant.Steps["a"].Text, plant.Steps["a"].Done, plant.Steps["a"].Minutes.Value));
        plant = await replicas.MergeAsync(static p => p.Steps["b"].Parts["bolt"] = 2, static p => p.Steps["b"].Text = "b");
        Assert.Equal(("b", 2), (plant.Steps["b"].Text, plant.Steps["b"].Parts["bolt"]));
        Assert.Equal("""{"a":{"Text":"second","Done":0,"Minutes":5,"Parts":{}},"b":{"Text":"b","Done":0,"Minutes":0,"Parts":{"bolt":2}}}""", replicas.Sql("Steps"));
    }

    [Fact]
    public async Task What_cannot_be_put_under_a_key_is_refused_before_anything_is_written()
    {
        await using var replicas = await TwoReplicas.StartAsync(static p => { p.Steps["a"] = new WorkStep { Text = "a" }; p.Stock["a"].Add(1); });
        var snapshot = await replicas.ReadAsync(replicas.Alice);
        await replicas.EditAsync(replicas.Alice, p =>
        {
            Assert.Contains("made with 'new'", Assert.Throws<InvalidOperationException>(() => p.Steps["b"] = snapshot.Steps["a"]).Message, StringComparison.Ordinal);
            Assert.Contains("changed by its methods", Assert.Throws<InvalidOperationException>(() => p.Stock["b"] = p.Stock["a"]).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentNullException>(() => p.Steps["a"] = null!);
            Assert.Throws<ArgumentNullException>(() => p.Labels[1] = null!);
            Assert.Throws<ArgumentNullException>(() => p.Stock.Add(null!));
        });
        Assert.Equal(["a"], (await replicas.ReadAsync(replicas.Alice)).Steps.Keys);
    }

    [Fact]
    public async Task Maps_lie_in_each_other_up_to_16_deep()
    {
        await using var replicas = await TwoReplicas.StartAsync();
        var id = DocumentId.Named("deep");
        await replicas.Alice.Documents<DeepMaps>().EditAsync(id, static d => d.Deepest[true][true][true][true][true][true][true][true][true][true][true][true][true][true][true][true] = 7);
        await replicas.MergeAsync();
        Assert.Equal(7, (await replicas.Bob.Documents<DeepMaps>().FindAsync(id))!.Deepest[true][true][true][true][true][true][true][true][true][true][true][true][true][true][true][true]);
        var error = await Assert.ThrowsAsync<ArgumentException>(() => replicas.Alice.Documents<DeepMaps>().EditAsync(id, static d => d.TooDeep[true][true][true][true][true][true][true][true][true][true][true][true][true][true][true][true][true] = 7));
        Assert.Contains("at most 16 deep", error.Message, StringComparison.Ordinal);
        await replicas.MergeAsync();
    }

    [Fact]
    public async Task Keys_and_values_may_be_empty_extreme_and_of_any_script()
    {
        string[] keys = ["", "\0", " ", "'", "\"", "\\", "$.a", "a.b", "\uE000", "😀", "ключ", new('x', 10_000)];
        await using var replicas = await TwoReplicas.StartAsync();
        var plant = await replicas.MergeAsync(p =>
        {
            foreach (var key in keys) p.Stock[key].Add(long.MaxValue);
            foreach (var key in new[] { int.MinValue, 0, int.MaxValue }) p.Labels[key] = keys[^2];
            p.Address.Place.Latitude = double.NaN;
            p.Address.Place.Longitude = double.NegativeInfinity;
            p.Address.Rent = decimal.MinValue;
            p.Address.Since = DateTimeOffset.MaxValue;
        }, static p => p.Stock[""].Add(1));
        Assert.Equal(keys.Order(StringComparer.Ordinal).Where(static k => k != "\uE000"), plant.Stock.Keys.Where(static k => k != "\uE000"));
        Assert.Equal("😀", plant.Stock.Keys.Last()); // by code point
        Assert.All(plant.Stock.Values, static counter => Assert.Equal(long.MaxValue, counter.Value));
        Assert.Equal([int.MinValue, 0, int.MaxValue], plant.Labels.Keys);
        Assert.True(double.IsNaN(plant.Address.Place.Latitude));
        Assert.Equal((decimal.MinValue, DateTimeOffset.MaxValue), (plant.Address.Rent, plant.Address.Since));
        Assert.Equal((long)keys.Length, replicas.Sql("(SELECT count(*) FROM json_each(Stock))"));
        Assert.Equal("null real", replicas.Sql("(SELECT group_concat(type, ' ') FROM json_each(Address -> '$.Place') WHERE key <> 'Id')"));
        foreach (var key in keys)
            Assert.Equal(1, await replicas.Bob.Documents<Plant>().Where(p => p.Stock.ContainsKey(key)).CountAsync());
    }
}
