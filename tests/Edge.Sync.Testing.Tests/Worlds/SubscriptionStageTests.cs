namespace Edge.Sync.Testing.Tests.Worlds;

/// <summary>Random histories of three devices that append, accept, reject and lose power: whatever the order, what has come far enough is delivered, once, in order, and nothing else.</summary>
public class SubscriptionStageTests
{
    private const int TimeoutMs = 300_000;

    [Theory(Timeout = TimeoutMs)]
    [InlineData(ReceiptStage.Local)]
    [InlineData(ReceiptStage.Durable)]
    [InlineData(ReceiptStage.Accepted)]
    public Task Delivered_is_what_has_come_far_enough_in_the_order_of_arrival(ReceiptStage stage) => Simulation.RunAsync(new() { Seed = 40 + (int)stage, Runs = 4, Loss = 0.1, Reorder = 0.2, Latency = TimeSpan.FromMilliseconds(300) }, async world =>
    {
        var (alice, bob, carol) = await world.AddReplicasAsync("alice", "bob", "carol");
        SimulatedReplica[] all = [alice, bob, carol];
        var options = new SubscriptionOptions { Stage = stage };
        var delivered = new List<EventCursor>();
        var reading = ReadAsync(alice.Database, options, delivered);
        var number = 0;
        for (var step = 0; step < 60; step++)
        {
            var someone = all[world.Random.Next(3)];
            switch (world.Random.Next(20))
            {
                case < 10: await AppendAsync(someone, ++number); break;
                case < 13: await someone.Database.AcceptAsync(); break;
                case < 15: await RejectAsync(alice, delivered, someone, stage); break;
                case 15: world.Partition([alice, bob], [carol]); break;
                case 16: world.Heal(); break;
                case 17:
                    await world.CrashAsync(alice);
                    await reading;
                    reading = ReadAsync(alice.Database, options, delivered);
                    break;
                default: await world.AdvanceAsync(TimeSpan.FromSeconds(world.Random.Next(1, 60))); break;
            }
            await world.AdvanceAsync(TimeSpan.FromSeconds(2));
            await AssertDeliveredAsync(alice.Database, stage, delivered);
        }
        world.Heal();
        await world.AssertConvergedAsync();
        foreach (var replica in all) await replica.Database.AcceptAsync();
        await world.AssertConvergedAsync();
        await AssertDeliveredAsync(alice.Database, stage, delivered);
        // Everybody has accepted everything.
        Assert.Equal(await ReadAllAsync(alice.Database) is [.., var last] ? last.Cursor : default, delivered[^1]);
        Assert.False(reading.IsCompleted);
    }, TestContext.Current.CancellationToken);

    private static Task<Receipt> AppendAsync(SimulatedReplica replica, int number) => replica.Database.Events<Ticked>().AppendAsync(DocumentId.Named($"pump-{number % 3}"), new(number));

    private static async Task RejectAsync(SimulatedReplica reader, List<EventCursor> delivered, SimulatedReplica by, ReceiptStage stage)
    {
        // One that waits; what was delivered stays done, so to reject it would show nothing.
        if (stage == ReceiptStage.Local || (await ReadAllAsync(reader.Database)).Find(item => delivered.Count == 0 || item.Cursor > delivered[^1]) is not { } waiting) return;
        try { await by.Database.RejectAsync(waiting.ChangeId, "no"); }
        catch (ArgumentException) { /* not there yet */ }
        catch (InvalidOperationException) { /* it has accepted it */ }
    }

    private static async Task ReadAsync(EdgeDatabase db, SubscriptionOptions options, List<EventCursor> delivered)
    {
        var isAgain = delivered.Count > 0;
        await foreach (var item in db.Events<Ticked>().SubscribeAsync("billing", options))
        {
            // What was being handled when the power went comes again.
            if (isAgain && delivered[^1] == item.Cursor) delivered.RemoveAt(delivered.Count - 1);
            isAgain = false;
            delivered.Add(item.Cursor);
        }
    }

    private static async Task AssertDeliveredAsync(EdgeDatabase db, ReceiptStage stage, List<EventCursor> delivered)
    {
        Assert.Equal(delivered.Order().Distinct(), delivered);
        var waits = false;
        foreach (var item in await ReadAllAsync(db))
        {
            var isThere = await db.GetStageAsync(item.ChangeId) >= stage;
            if (delivered.Contains(item.Cursor))
            {
                Assert.False(waits, $"{item.Event} was delivered before one that came earlier.");
                continue;
            }
            Assert.False(isThere && !waits, $"{item.Event} has come far enough, and was not delivered.");
            waits = true;
        }
    }

    private static async Task<List<RecordedEvent<Ticked>>> ReadAllAsync(EdgeDatabase db)
    {
        var result = new List<RecordedEvent<Ticked>>();
        await foreach (var item in db.Events<Ticked>().ReadAllAsync()) result.Add(item);
        return result;
    }
}
