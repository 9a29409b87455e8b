using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Events;

/// <summary>How far events must have come to be delivered. Each test has a time limit: a delivery that never comes is a failure.</summary>
public sealed class SubscriptionStageTests : IDisposable
{
    private const int TimeoutMs = 120_000;
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");
    private static readonly SubscriptionOptions s_accepted = new() { Stage = ReceiptStage.Accepted };

    private readonly TempFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = TimeoutMs)]
    [InlineData(ReceiptStage.Durable)]
    [InlineData(ReceiptStage.Accepted)]
    public async Task Event_is_delivered_once_its_change_has_come_as_far_as_is_asked_for(ReceiptStage stage)
    {
        await using var db = await OpenAsync("a", TestContext.Current.CancellationToken);
        await using var other = await OpenAsync("b", TestContext.Current.CancellationToken);
        await AppendAsync(db, 1);
        await AppendAsync(db, 2);
        await using var billing = Subscribe(db, "billing", new() { Stage = stage });
        var next = billing.MoveNextAsync().AsTask();
        // All is there for who asks for less.
        await using (var all = Subscribe(db, "all", new()))
            Assert.Equal([1, 2], await TakeAsync(all, 2));
        await WhenBlockedAsync(db, "billing");
        Assert.False(next.IsCompleted);

        var network = new InMemoryNetwork();
        network.Connect("a", "b");
        await using var sync = db.StartSync(s => s.UseInMemory(network, "a"));
        await using var peer = other.StartSync(s => s.UseInMemory(network, "b"));
        await sync.WhenSentAsync(Token);
        if (stage == ReceiptStage.Accepted)
        {
            Assert.False(next.IsCompleted);
            await other.AcceptAsync(cancellationToken: Token);
        }
        Assert.True(await next);
        Assert.Equal(1, billing.Current.Event!.Number);
        Assert.Equal(stage, await db.GetStageAsync(billing.Current.ChangeId, Token));
        Assert.Equal([2], await TakeAsync(billing, 1));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Durable_is_what_others_wrote_and_what_others_have_accepted()
    {
        await using var db = await OpenAsync("a", TestContext.Current.CancellationToken);
        await using var other = await OpenAsync("b", TestContext.Current.CancellationToken);
        await AppendAsync(other, 1);
        await Exchange.PushAsync(other, db);
        await AppendAsync(db, 2);
        await using var durable = Subscribe(db, "durable", new() { Stage = ReceiptStage.Durable });
        Assert.Equal([1], await TakeAsync(durable, 1));
        var next = durable.MoveNextAsync().AsTask();
        await WhenBlockedAsync(db, "durable");
        // Nobody has said here that it is durable there, but who accepts it has it.
        await Exchange.PushAsync(db, other);
        await other.AcceptAsync(cancellationToken: Token);
        await Exchange.PushAsync(other, db);
        Assert.True(await next);
        Assert.Equal(2, durable.Current.Event!.Number);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task First_event_that_waits_holds_up_those_behind_it()
    {
        await using var db = await OpenAsync("a", TestContext.Current.CancellationToken);
        await using var other = await OpenAsync("b", TestContext.Current.CancellationToken);
        await AppendAsync(db, 1);
        await AppendAsync(other, 2);
        await Exchange.PushAsync(other, db);
        await db.AcceptAsync(cancellationToken: Token); // of which only the second is another's
        await using var billing = Subscribe(db, "billing", s_accepted);
        var next = billing.MoveNextAsync().AsTask();
        await WhenBlockedAsync(db, "billing");
        Assert.False(next.IsCompleted);
        await Exchange.PushAsync(db, other);
        await other.AcceptAsync(cancellationToken: Token);
        await Exchange.PushAsync(other, db);
        Assert.True(await next);
        Assert.Equal(1, billing.Current.Event!.Number);
        Assert.Equal([2], await TakeAsync(billing, 1));
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Event_that_is_rejected_while_it_waits_is_not_delivered_and_holds_up_nothing(bool byPurge)
    {
        await using var db = await OpenAsync("a", TestContext.Current.CancellationToken);
        await using var other = await OpenAsync("b", TestContext.Current.CancellationToken);
        var wrong = await db.Events<Ticked>().AppendAsync(DocumentId.Named("wrong"), new(1), Token);
        await AppendAsync(other, 2);
        await Exchange.PushAsync(other, db);
        await db.AcceptAsync(cancellationToken: Token);
        await using var billing = Subscribe(db, "billing", s_accepted);
        var next = billing.MoveNextAsync().AsTask();
        await WhenBlockedAsync(db, "billing");
        if (byPurge) await db.PurgeAsync("ticked", DocumentId.Named("wrong"), cancellationToken: Token);
        else
        {
            // This device has accepted it, so only the other one may still reject it.
            await Exchange.PushAsync(db, other);
            await other.RejectAsync(wrong.ChangeId!.Value, "not so", cancellationToken: Token);
            await Exchange.PushAsync(other, db);
        }
        Assert.True(await next);
        Assert.Equal(2, billing.Current.Event!.Number);
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Event_that_waits_waits_on_after_a_restart(bool isAcceptedMeanwhile)
    {
        await using var other = await OpenAsync("b", TestContext.Current.CancellationToken);
        var db = await OpenAsync("a", TestContext.Current.CancellationToken);
        await AppendAsync(db, 1);
        await Exchange.PushAsync(db, other);
        await using (var billing = Subscribe(db, "billing", s_accepted))
        {
            var next = billing.MoveNextAsync().AsTask();
            await WhenBlockedAsync(db, "billing");
            await db.DisposeAsync();
            Assert.False(await next);
        }
        await using var again = await OpenAsync("a", TestContext.Current.CancellationToken);
        await other.AcceptAsync(cancellationToken: Token);
        if (isAcceptedMeanwhile) await Exchange.PushAsync(other, again);
        await using (var billing = Subscribe(again, "billing", s_accepted))
        {
            var next = billing.MoveNextAsync().AsTask();
            if (!isAcceptedMeanwhile)
            {
                await WhenBlockedAsync(again, "billing");
                Assert.False(next.IsCompleted);
                await Exchange.PushAsync(other, again);
            }
            Assert.True(await next);
            Assert.Equal(1, billing.Current.Event!.Number);
        }
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Wait_for_a_stage_ends_with_its_token_and_the_name_is_free_again()
    {
        await using var db = await OpenAsync("a", TestContext.Current.CancellationToken);
        await AppendAsync(db, 1);
        using var cancel = new CancellationTokenSource();
        await using (var waiting = db.Events<Ticked>().SubscribeAsync("billing", s_accepted, cancel.Token).GetAsyncEnumerator(Token))
        {
            var next = waiting.MoveNextAsync().AsTask();
            await WhenBlockedAsync(db, "billing");
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        }
        await using var billing = Subscribe(db, "billing", new());
        Assert.Equal([1], await TakeAsync(billing, 1));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Only_the_acceptance_of_the_device_that_is_named_counts_and_for_its_own_events_too()
    {
        await using var hub = await OpenAsync("hub", TestContext.Current.CancellationToken);
        await using var device = await OpenAsync("device", TestContext.Current.CancellationToken);
        await AppendAsync(device, 1);
        await Exchange.PushAsync(device, hub);
        await AppendAsync(hub, 2);
        await using var byHub = Subscribe(hub, "by-hub", new() { Stage = ReceiptStage.Accepted, AcceptedBy = await hub.GetReplicaIdAsync(Token) });
        var next = byHub.MoveNextAsync().AsTask();
        await WhenBlockedAsync(hub, "by-hub");
        await Exchange.PushAsync(hub, device);
        await device.AcceptAsync(cancellationToken: Token);
        await Exchange.PushAsync(device, hub);
        // All is accepted, but not by the hub.
        await using (var byDevice = Subscribe(hub, "by-device", new() { Stage = ReceiptStage.Accepted, AcceptedBy = await device.GetReplicaIdAsync(Token) }))
            Assert.Equal([1, 2], await TakeAsync(byDevice, 2));
        await using (var byStranger = Subscribe(hub, "by-stranger", new() { Stage = ReceiptStage.Accepted, AcceptedBy = ReplicaId.FromBytes(new byte[16]) }))
        {
            var never = byStranger.MoveNextAsync().AsTask();
            await WhenBlockedAsync(hub, "by-stranger");
            await hub.AcceptAsync(cancellationToken: Token);
            Assert.True(await next);
            Assert.False(never.IsCompleted);
            await hub.DisposeAsync();
            Assert.False(await never);
        }
        Assert.Equal(1, byHub.Current.Event!.Number);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task What_comes_behind_an_event_that_waits_wakes_nobody()
    {
        await using var db = await OpenAsync("a", TestContext.Current.CancellationToken);
        await AppendAsync(db, 1);
        var position = (await EventStreamTests.ReadAllAsync(db.Events<Ticked>()))[0].Cursor.Position;
        var (blocked, idle) = (db.EnterSubscription("blocked", ReceiptStage.Accepted), db.EnterSubscription("idle", ReceiptStage.Local));
        blocked.BlockedAt = position;
        var (woken, wokenIdle) = (blocked.Signal.WaitAsync(Token), idle.Signal.WaitAsync(Token));
        await AppendAsync(db, 2);
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1), Token);
        Assert.True(await wokenIdle);
        Assert.False(woken.IsCompleted);
        await db.AcceptAsync(cancellationToken: Token);
        Assert.True(await woken);
    }

    [Theory]
    [InlineData(ReceiptStage.None)]
    [InlineData(ReceiptStage.Rejected)]
    public async Task Stage_at_which_nothing_can_be_delivered_is_refused(ReceiptStage stage)
    {
        await using var db = new EdgeDatabase(new() { Path = _folder["a.db"] });
        Assert.Contains("Durable", Assert.Throws<ArgumentException>(() => db.Events<Ticked>().SubscribeAsync("billing", new SubscriptionOptions { Stage = stage }, Token)).Message, StringComparison.Ordinal);
        var by = new SubscriptionOptions { Stage = ReceiptStage.Durable, AcceptedBy = ReplicaId.FromBytes(new byte[16]) };
        Assert.Contains("AcceptedBy", Assert.Throws<ArgumentException>(() => db.Events<Ticked>().SubscribeAsync("billing", by, Token)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private Task<EdgeDatabase> OpenAsync(string name, CancellationToken cancellationToken) => EdgeDatabase.OpenAsync(_folder[$"{name}.db"], cancellationToken);

    private static Task<Receipt> AppendAsync(EdgeDatabase db, int number) => db.Events<Ticked>().AppendAsync(s_pump, new(number), Token);

    private static IAsyncEnumerator<RecordedEvent<Ticked>> Subscribe(EdgeDatabase db, string name, SubscriptionOptions options) => db.Events<Ticked>().SubscribeAsync(name, options, Token).GetAsyncEnumerator(Token);

    /// <summary>Waits until a reading has found an event that has not come far enough.</summary>
    private static async Task WhenBlockedAsync(EdgeDatabase db, string name)
    {
        while (db.FindSubscriptionReading(name)?.BlockedAt is null or long.MaxValue)
        {
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static async Task<List<int>> TakeAsync(IAsyncEnumerator<RecordedEvent<Ticked>> subscription, int count)
    {
        var numbers = new List<int>();
        for (var i = 0; i < count; i++)
        {
            Assert.True(await subscription.MoveNextAsync());
            numbers.Add(subscription.Current.Event!.Number);
        }
        return numbers;
    }
}
