namespace Edge.Sync.Tests.Machines;

public class ReservationTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Hold_is_confirmed_or_given_back_by_who_made_it_and_by_nobody_else()
    {
        await using var floor = await Floor.StartAsync(2);
        await floor.EditAsync(0, static press => press.Slots.Stock.Grant(10));
        Assert.True(await floor.EditAsync(0, static press => press.Slots.TryHold("order 1", 4, s_now)));
        Assert.False(await floor.EditAsync(0, static press => press.Slots.TryHold("order 1", 4, s_now)));
        Assert.False(await floor.EditAsync(0, static press => press.Slots.TryHold("order 2", 7, s_now)));
        await floor.MergeAsync();
        Assert.Equal(new("order 1", 4, s_now), (await floor.ReadAsync(1)).Slots.Held.Single());
        Assert.False(await floor.EditAsync(1, static press => press.Slots.TryCancel("order 1")));
        Assert.False(await floor.EditAsync(1, static press => press.Slots.TryConfirm("order 1")));
        Assert.True(await floor.EditAsync(0, static press => press.Slots.TryConfirm("order 1")));
        Assert.False(await floor.EditAsync(0, static press => press.Slots.TryCancel("order 1")));
        var slots = (await floor.ReadAsync(0)).Slots;
        Assert.Equal((6, 4), (slots.Stock.Value, slots.Confirmed.Value));
        Assert.Empty(slots.Held);
    }

    [Fact]
    public async Task Holds_that_have_run_out_are_given_back_where_they_were_made()
    {
        await using var floor = await Floor.StartAsync(2);
        await floor.EditAsync(0, static press => press.Slots.Stock.Grant(10));
        await floor.EditAsync(0, static press => press.Slots.TryHold("a", 3, s_now));
        await floor.EditAsync(0, static press => press.Slots.TryHold("b", 3, s_now.AddHours(1)));
        await floor.MergeAsync();
        Assert.Equal(0, await floor.EditAsync(1, static press => press.Slots.CancelExpired(s_now.AddHours(2))));
        Assert.Equal(1, await floor.EditAsync(0, static press => press.Slots.CancelExpired(s_now.AddMinutes(1))));
        Assert.Equal(7, (await floor.ReadAsync(0)).Slots.Stock.Available);
    }

    [Fact]
    public async Task Nothing_is_oversold_whatever_replicas_do_offline()
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var random = new Random(seed);
            await using var floor = await Floor.StartAsync(3);
            var ids = new List<ReplicaId>();
            foreach (var replica in floor.Replicas) ids.Add(await replica.GetReplicaIdAsync(TestContext.Current.CancellationToken));
            const long Capacity = 20;
            await floor.EditAsync(0, static press => press.Slots.Stock.Grant(Capacity));
            await floor.MergeAsync();
            // The model: what each was told to have, over all replicas at once.
            var (held, confirmed) = (new Dictionary<(int, string), long>(), 0L);
            for (var step = 0; step < 40; step++)
            {
                var (at, other, amount, name) = (random.Next(3), random.Next(3), random.Next(1, 8), $"order {random.Next(4)}");
                switch (random.Next(5))
                {
                    case 0:
                        if (await floor.EditAsync(at, press => press.Slots.TryHold(name, amount, s_now))) held.Add((at, name), amount);
                        break;
                    case 1:
                        var isConfirmed = await floor.EditAsync(at, press => press.Slots.TryConfirm(name));
                        Assert.True(held.Remove((at, name), out var sold) == isConfirmed, $"seed {seed}, step {step}");
                        confirmed += sold;
                        break;
                    case 2:
                        var isCancelled = await floor.EditAsync(at, press => press.Slots.TryCancel(name));
                        Assert.True(held.Remove((at, name)) == isCancelled, $"seed {seed}, step {step}");
                        break;
                    case 3:
                        await floor.EditAsync(at, press => press.Slots.Stock.TryTransfer(ids[other], amount));
                        break;
                    default:
                        if (at != other) await floor.MergeAsync(at, other);
                        break;
                }
                Assert.True(held.Values.Sum() + confirmed <= Capacity, $"seed {seed}, step {step}: oversold");
            }
            await floor.MergeAsync();
            var slots = (await floor.ReadAsync(1)).Slots;
            Assert.Equal(held.Values.Sum(), slots.Held.Sum(static hold => hold.Amount));
            Assert.Equal(confirmed, slots.Confirmed.Value);
            Assert.Equal(Capacity - held.Values.Sum() - confirmed, slots.Stock.Value);
            Assert.Equal(0, slots.Stock.Overdraft);
        }
    }
}
