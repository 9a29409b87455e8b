namespace Edge.Sync.Tests.Documents.Types;

public class TreeAndLogTests
{
    [Fact]
    public async Task Nodes_have_an_order_and_are_moved_with_all_below_them()
    {
        await using var replicas = await TwoReplicas.StartAsync();
        var plant = await replicas.MergeAsync(static p =>
        {
            var (a, b) = (p.Outline.Add("a"), p.Outline.Add("b"));
            var first = p.Outline.Insert(NodeId.Root, 0, "first");
            p.Outline.Add("below b", b);
            p.Outline.Move(b, a);
            p.Outline.Move(first, NodeId.Root, 1);
        });
        Assert.Equal(["a", "-b", "--below b", "first"], Show(plant));
        Assert.Equal(4, plant.Outline.Count);
        var top = plant.Outline.Children();
        Assert.Equal(["a", "first"], top.Select(n => plant.Outline[n]));
        var inner = plant.Outline.Children(top[0]).Single();
        Assert.Equal((top[0], NodeId.Root), (plant.Outline.Parent(inner), plant.Outline.Parent(top[0])));
        Assert.Equal("a|b|below b|first", replicas.Sql("(SELECT group_concat(value ->> '$.value', '|') FROM json_each(Outline))"));
        Assert.Equal(inner.ToString(), replicas.Sql("Outline ->> '$[2].parent'"));
        Assert.Equal(2L, replicas.Sql("(SELECT count(*) FROM json_each(Outline) WHERE value ->> '$.parent' IS NULL)"));
    }

    [Fact]
    public async Task Two_who_move_nodes_into_each_other_make_no_cycle()
    {
        NodeId a = default, b = default;
        await using var replicas = await TwoReplicas.StartAsync(p => (a, b) = (p.Outline.Add("a"), p.Outline.Add("b")));
        var plant = await replicas.MergeAsync(p => p.Outline.Move(a, b), p => p.Outline.Move(b, a));
        Assert.Contains(string.Join(' ', Show(plant)), new[] { "a -b", "b -a" });
        Assert.Equal(Show(plant), Show(await replicas.ReadAsync(replicas.Alice)));
    }

    [Fact]
    public async Task File_in_a_folder_that_was_deleted_comes_back_by_a_move()
    {
        NodeId folder = default, file = default;
        await using var replicas = await TwoReplicas.StartAsync(p => (folder, file) = (p.Outline.Add("folder"), p.Outline.Add("file")));
        var plant = await replicas.MergeAsync(p => Assert.True(p.Outline.Delete(folder)), p => p.Outline.Move(file, folder));
        Assert.Empty(plant.Outline);
        Assert.False(plant.Outline.Contains(file));
        Assert.Empty(plant.Outline.Children(folder));
        Assert.Throws<KeyNotFoundException>(() => plant.Outline[file]);
        Assert.Throws<KeyNotFoundException>(() => plant.Outline.Parent(file));
        plant = await replicas.MergeAsync(p => p.Outline.Move(file, NodeId.Root));
        Assert.Equal(["file"], Show(plant));
    }

    [Fact]
    public async Task Impossible_places_are_the_callers_slip()
    {
        await using var replicas = await TwoReplicas.StartAsync();
        await replicas.EditAsync(replicas.Alice, static p =>
        {
            var a = p.Outline.Add("a");
            var b = p.Outline.Add("b", a);
            Assert.Throws<ArgumentException>(() => p.Outline.Move(a, b));
            Assert.Throws<ArgumentException>(() => p.Outline.Move(a, a));
            Assert.ThrowsAny<ArgumentException>(() => p.Outline.Move(NodeId.Root, a));
            Assert.Throws<ArgumentOutOfRangeException>(() => p.Outline.Insert(a, 2, "c"));
            Assert.Throws<ArgumentOutOfRangeException>(() => p.Outline.Insert(a, -1, "c"));
            p.Outline.Delete(b);
            Assert.Throws<ArgumentException>(() => p.Outline.Add("c", b));
            Assert.Equal(["a"], Show(p));
        });
    }

    [Fact]
    public void Text_of_a_node_is_read_back()
    {
        var node = new NodeId(new(ReplicaId.FromBytes([.. Enumerable.Range(0, 16).Select(static i => (byte)i)]), 1234));
        Assert.Equal("000102030405060708090a0b0c0d0e0f:1234", node.ToString());
        Assert.Equal(node, NodeId.Parse(node.ToString()));
        Assert.Equal(NodeId.Root, NodeId.Parse(""));
        foreach (var text in new[] { null, ":", "x", node.ToString()[..^4] + "0", node.ToString()[..^4] + "-1", node + " ", node.ToString()[1..], "x" + node.ToString()[1..], node.ToString()[..^4] + ((1UL << 53) + 1) })
            Assert.False(NodeId.TryParse(text, out _), text);
        Assert.Throws<FormatException>(static () => NodeId.Parse("x"));
    }

    [Fact]
    public async Task Events_stay_in_one_order_behind_all_that_their_authors_had_seen()
    {
        await using var replicas = await TwoReplicas.StartAsync(static p => p.History.Append("first"));
        var plant = await replicas.MergeAsync(static p => { p.History.Append("A"); p.History.Append("A2"); }, static p => p.History.Append("B"));
        Assert.Equal(plant.History, (await replicas.ReadAsync(replicas.Alice)).History);
        plant = await replicas.MergeAsync(static p => p.History.Append("last"));
        Assert.Equal(("first", "last", 5), (plant.History[0], plant.History[^1], plant.History.Count));
        Assert.True(plant.History.ToList().IndexOf("A") < plant.History.ToList().IndexOf("A2"));
        Assert.Throws<ArgumentOutOfRangeException>(() => plant.History[5]);
        Assert.Throws<ArgumentOutOfRangeException>(() => plant.History[-1]);
        Assert.Equal("last", replicas.Sql("History ->> '$[4]'"));
    }

    private static IEnumerable<string> Show(Plant plant) => plant.Outline.Select(static n => new string('-', n.Depth) + n.Value);
}
