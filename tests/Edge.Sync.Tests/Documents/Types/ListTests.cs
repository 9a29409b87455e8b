namespace Edge.Sync.Tests.Documents.Types;

public class ListTests
{
    [Fact]
    public async Task Insertions_at_one_place_stay_whole_and_in_one_order()
    {
        await using var replicas = await TwoReplicas.StartAsync(static p => p.Plan.InsertRange(0, "first", "last"));
        var plant = await replicas.MergeAsync(static p => p.Plan.InsertRange(1, "A1", "A2"), static p => p.Plan.InsertRange(1, "B1", "B2"));
        Assert.Contains(string.Join(' ', plant.Plan), new[] { "first A1 A2 B1 B2 last", "first B1 B2 A1 A2 last" });
        Assert.Equal(plant.Plan, (await replicas.ReadAsync(replicas.Alice)).Plan);
        Assert.Equal("first", replicas.Sql("Plan ->> '$[0]'"));
        Assert.Equal(6L, replicas.Sql("json_array_length(Plan)"));
    }

    [Fact]
    public async Task Element_that_two_move_is_in_one_place_and_one_that_is_set_or_moved_outlives_its_deletion()
    {
        await using var replicas = await TwoReplicas.StartAsync(static p => p.Plan.InsertRange(0, "milk", "bread", "salt", "oil"));
        var plant = await replicas.MergeAsync(static p => p.Plan.Move(0, 3), static p => p.Plan.Move(0, 1));
        Assert.Equal(["bread", "milk", "oil", "salt"], plant.Plan.Order());
        plant = await replicas.MergeAsync(
            static p => p.Plan.RemoveRange(0, 4),
            static p => { p.Plan[p.Plan.ToList().IndexOf("milk")] = "oat milk"; p.Plan.Move(p.Plan.ToList().IndexOf("salt"), 0); });
        Assert.Equal(["salt", "oat milk"], plant.Plan);
        Assert.Equal(plant.Plan, (await replicas.ReadAsync(replicas.Alice)).Plan);
    }

    [Fact]
    public async Task Values_that_two_set_at_once_are_all_there_until_somebody_sets_again()
    {
        await using var replicas = await TwoReplicas.StartAsync(static p => p.Plan.Add("x"));
        var plant = await replicas.MergeAsync(static p => p.Plan[0] = "A", static p => p.Plan[0] = "B");
        Assert.Equal(["A", "B"], plant.Plan.ValuesAt(0).Select(static v => v.Value).Order());
        Assert.Equal(plant.Plan[0], plant.Plan.ValuesAt(0)[^1].Value);
        plant = await replicas.MergeAsync(static p => p.Plan[0] = "C");
        Assert.Equal(["C"], plant.Plan.ValuesAt(0).Select(static v => v.Value));
    }

    [Fact]
    public async Task Indexes_outside_are_the_callers_slip_and_ranges_of_nothing_write_nothing()
    {
        await using var replicas = await TwoReplicas.StartAsync(static p => p.Plan.InsertRange(0, "a", "b", "c"));
        await replicas.EditAsync(replicas.Alice, static p =>
        {
            foreach (var slip in new Action[]
            {
                () => p.Plan.Insert(4, "x"), () => p.Plan.Insert(-1, "x"), () => p.Plan[3] = "x", () => p.Plan[-1] = "x", () => p.Plan.RemoveAt(3), () => p.Plan.RemoveRange(2, 2),
                () => p.Plan.RemoveRange(0, -1), () => p.Plan.Move(3, 0), () => p.Plan.Move(0, 3), () => p.Plan.MoveRange(0, 2, 2), () => p.Plan.Move(0, -1), () => p.Plan.ValuesAt(3), () => _ = p.Plan[3],
            })
                Assert.Throws<ArgumentOutOfRangeException>(slip);
            Assert.Throws<ArgumentNullException>(() => p.Plan.Add(null!));
            Assert.Throws<ArgumentNullException>(() => p.Plan[0] = null!);
        });
        var receipt = await replicas.Alice.Documents<Plant>().EditAsync(DocumentId.Named("plant-1"), static p =>
        {
            p.Plan.InsertRange(1);
            p.Plan.RemoveRange(3, 0);
            p.Plan.MoveRange(0, 3, 0);
            p.Plan.Move(1, 1);
        });
        Assert.Null(receipt.ChangeId);
        await replicas.EditAsync(replicas.Alice, static p => p.Plan.MoveRange(0, 2, 1));
        Assert.Equal(["c", "a", "b"], (await replicas.ReadAsync(replicas.Alice)).Plan);
    }
}
