namespace Edge.Sync.Tests.Machines;

public class TwinTests
{
    [Fact]
    public async Task What_is_asked_is_in_drift_until_it_is_reported_and_queries_say_so()
    {
        await using var floor = await Floor.StartAsync(2);
        await floor.EditAsync(0, static press => press.Twin.Ask(static set => set.Force = 3));
        var drifting = floor.Replicas[0].Documents<Press>().Where(static p => p.Twin.AppliedVersion.Value < p.Twin.DesiredVersion.Value);
        Assert.Equal("press 1", (await drifting.ToListAsync()).Single().Name);
        await floor.MergeAsync();
        var read = await floor.ReadAsync(1);
        Assert.True(read.Twin.IsInDrift);
        Assert.Equal(3, read.Twin.Desired.Force);
        await floor.EditAsync(1, press => press.Twin.Report(read.Twin.DesiredVersion, told => told.Force = 2.9));
        await floor.MergeAsync();
        var twin = (await floor.ReadAsync(0)).Twin;
        Assert.False(twin.IsInDrift);
        Assert.Equal(2.9, twin.Reported.Force);
        Assert.Empty(await drifting.ToListAsync());
    }

    [Fact]
    public async Task Two_who_ask_at_once_both_get_it_and_a_device_that_knew_of_one_is_in_drift()
    {
        await using var floor = await Floor.StartAsync(3);
        await floor.EditAsync(0, static press => press.Twin.Ask(static set => set.Force = 3));
        await floor.EditAsync(1, static press => press.Twin.Ask(static set => set.Speed = 7));
        await floor.MergeAsync(0, 2); // the device hears of the first only
        await floor.EditAsync(2, static press => press.Twin.Report(press.Twin.DesiredVersion, static _ => { }));
        Assert.False((await floor.ReadAsync(2)).Twin.IsInDrift);
        await floor.MergeAsync();
        var twin = (await floor.ReadAsync(2)).Twin;
        Assert.True(twin.IsInDrift);
        Assert.Equal((3, 7), (twin.Desired.Force, twin.Desired.Speed));
    }

    [Fact]
    public async Task Halves_are_written_by_their_methods_only_and_an_unknown_version_is_refused()
    {
        await using var floor = await Floor.StartAsync(1);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => floor.EditAsync(0, static press => { press.Twin.Desired.Force = 1; }));
        Assert.Contains("Twin.Ask", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<InvalidOperationException>(() => floor.EditAsync(0, static press => { press.Twin.Reported.Force = 1; }));
        Assert.Contains("Twin.Report", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => floor.EditAsync(0, static press => press.Twin.Report(1, static _ => { })));
    }

    [Fact]
    public async Task Twin_without_drift_has_done_all_that_is_known()
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var random = new Random(seed);
            await using var floor = await Floor.StartAsync(3);
            // The model: which edits each replica knows, and which were known where a report was made.
            var known = new HashSet<int>[] { [], [], [] };
            var done = new HashSet<int>[] { [], [], [] };
            for (var step = 0; step < 25; step++)
            {
                var (at, other) = (random.Next(3), random.Next(3));
                switch (random.Next(3))
                {
                    case 0:
                        var value = step + 1;
                        await floor.EditAsync(at, press => press.Twin.Ask(set => set.Force = value));
                        known[at].Add(value);
                        break;
                    case 1:
                        var read = (await floor.ReadAsync(at)).Twin.DesiredVersion.Value;
                        await floor.EditAsync(at, press => press.Twin.Report(read, told => told.Force = read));
                        done[at] = [.. known[at]];
                        break;
                    default:
                        if (at == other) break;
                        await floor.MergeAsync(at, other);
                        known[at].UnionWith(known[other]);
                        known[other].UnionWith(known[at]);
                        done[at] = done[other] = done[at].Count >= done[other].Count ? done[at] : done[other];
                        break;
                }
                var twin = (await floor.ReadAsync(at)).Twin;
                Assert.True(known[at].Count == twin.DesiredVersion.Value, $"seed {seed}, step {step}: {twin.DesiredVersion} edits are known, not {known[at].Count}");
                Assert.True(twin.IsInDrift == !done[at].SetEquals(known[at]), $"seed {seed}, step {step}: drift is {twin.IsInDrift}");
            }
        }
    }
}
