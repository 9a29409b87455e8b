using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Events;

public class SubscriptionTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_that_are_there_and_those_to_come_are_delivered_in_order()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await using var other = await EdgeDatabase.OpenAsync(folder["b.db"]);
        await AppendAsync(db, 1, 2);
        await using var billing = db.Events<Ticked>().SubscribeAsync("billing", cancellationToken: Token).GetAsyncEnumerator(Token);
        Assert.Equal([1, 2], await TakeAsync(billing, 2));
        var next = billing.MoveNextAsync();
        Assert.False(next.IsCompleted);
        await AppendAsync(other, 3);
        await Exchange.PushAsync(other, db);
        Assert.True(await next);
        Assert.Equal(3, billing.Current.Event!.Number);
        for (var i = 4; i < 200; i++) await AppendAsync(db, i);
        Assert.Equal(Enumerable.Range(4, 196), await TakeAsync(billing, 196));
    }

    [Fact]
    public async Task What_was_not_acknowledged_is_delivered_again_after_a_restart()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            await AppendAsync(db, 1, 2, 3);
            await using var billing = db.Events<Ticked>().SubscribeAsync("billing", cancellationToken: Token).GetAsyncEnumerator(Token);
            Assert.Equal([1, 2], await TakeAsync(billing, 2));
        }
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
            Assert.Equal([2, 3], await TakeAllAsync(db, "billing", 2));
        // Killed: the file as it was in the middle of a delivery, without any closing.
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            await using var billing = db.Events<Ticked>().SubscribeAsync("billing", cancellationToken: Token).GetAsyncEnumerator(Token);
            Assert.Equal([3], await TakeAsync(billing, 1));
            await AppendAsync(db, 4);
            Assert.Equal([4], await TakeAsync(billing, 1));
            foreach (var end in (string[])["", "-wal"]) File.Copy(folder["a.db"] + end, folder["killed.db"] + end);
        }
        await using (var db = await EdgeDatabase.OpenAsync(folder["killed.db"]))
            Assert.Equal([4], await TakeAllAsync(db, "billing", 1));
    }

    [Fact]
    public async Task Subscriber_that_always_fails_stays_where_it_is_and_keeps_nobody_else()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await AppendAsync(db, 1, 2);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var seen = new List<int>();
            await Assert.ThrowsAsync<FormatException>(async () =>
            {
                await foreach (var item in db.Events<Ticked>().SubscribeAsync("failing", cancellationToken: Token))
                {
                    seen.Add(item.Event!.Number);
                    throw new FormatException();
                }
            });
            Assert.Equal([1], seen);
        }
        Assert.Equal([1, 2], await TakeAllAsync(db, "other", 2));
    }

    [Fact]
    public async Task Begins_anywhere_once_and_then_goes_on()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            await AppendAsync(db, 1, 2, 3);
            var second = (await EventStreamTests.ReadAllAsync(db.Events<Ticked>()))[1].Cursor;
            Assert.Equal([3], await TakeAllAsync(db, "cursor", 1, second));
            await using var now = db.Events<Ticked>().SubscribeAsync("now", EventCursor.Now, Token).GetAsyncEnumerator(Token);
            var next = now.MoveNextAsync();
            while (!await ExistsAsync(db, "now")) await Task.Yield();
            await AppendAsync(db, 4);
            Assert.True(await next);
            Assert.Equal(4, now.Current.Event!.Number);
        }
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            // From the beginning is for a name that is new.
            Assert.Equal([4], await TakeAllAsync(db, "now", 1, EventCursor.Beginning));
            Assert.True(await db.Events<Ticked>().UnsubscribeAsync("now", Token));
            Assert.False(await db.Events<Ticked>().UnsubscribeAsync("now", Token));
            Assert.Equal([1, 2, 3, 4], await TakeAllAsync(db, "now", 4));
        }
    }

    [Fact]
    public async Task One_reader_of_a_name_at_a_time()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await AppendAsync(db, 1);
        await using (var first = db.Events<Ticked>().SubscribeAsync("billing", cancellationToken: Token).GetAsyncEnumerator(Token))
        {
            Assert.Equal([1], await TakeAsync(first, 1));
            await using var second = db.Events<Ticked>().SubscribeAsync("billing", cancellationToken: Token).GetAsyncEnumerator(Token);
            var refused = await Assert.ThrowsAsync<EdgeSubscriptionException>(async () => await second.MoveNextAsync());
            Assert.Equal((EdgeErrorCode.SubscriptionInUse, "billing"), (refused.Code, refused.Subscription));
        }
        Assert.Equal([1], await TakeAllAsync(db, "billing", 1));
        await using var foreign = db.Events<JobEvent>().SubscribeAsync("billing", cancellationToken: Token).GetAsyncEnumerator(Token);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await foreign.MoveNextAsync());
    }

    [Fact]
    public async Task Purged_event_is_not_delivered_though_it_was_read_ahead()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await AppendAsync(db, 1);
        await db.Events<Ticked>().AppendAsync(DocumentId.Named("secret"), new(2), Token);
        await AppendAsync(db, 3);
        await using var billing = db.Events<Ticked>().SubscribeAsync("billing", cancellationToken: Token).GetAsyncEnumerator(Token);
        Assert.Equal([1], await TakeAsync(billing, 1));
        await db.PurgeAsync("ticked", DocumentId.Named("secret"), cancellationToken: Token);
        Assert.Equal([3], await TakeAsync(billing, 1));
    }

    [Fact]
    public async Task Rejected_event_is_not_delivered_before_it_counts_again()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var wrong = await db.Events<Ticked>().AppendAsync(s_pump, new(1), Token);
        await AppendAsync(db, 2);
        var rejection = await db.RejectAsync(wrong.ChangeId!.Value, "not so", cancellationToken: Token);
        await using var billing = db.Events<Ticked>().SubscribeAsync("billing", cancellationToken: Token).GetAsyncEnumerator(Token);
        Assert.Equal([2], await TakeAsync(billing, 1));
        var next = billing.MoveNextAsync();
        await db.RejectAsync(rejection.ChangeId!.Value, "it was so", cancellationToken: Token);
        Assert.True(await next);
        Assert.Equal(1, billing.Current.Event!.Number);
    }

    [Fact]
    public async Task Only_what_survives_a_power_cut_is_delivered()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await AppendAsync(db, 1);
        var opened = await db.OpenedAsync(Token);
        Assert.True(opened.Replica.Store.SyncedSequence < opened.Replica.Store.LastSequence);
        await TakeAllAsync(db, "billing", 1);
        Assert.Equal(opened.Replica.Store.LastSequence, opened.Replica.Store.SyncedSequence);
    }

    [Fact]
    public async Task Stream_that_was_absent_and_has_come_is_delivered()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var late = DocumentId.Named("late");
        await db.Events<Ticked>().AppendAsync(late, new(1), Token);
        await AppendAsync(db, 2);
        var opened = await db.OpenedAsync(Token);
        // As if it had come from a peer that lacks it: its rows are not there.
        await opened.Writer.RunAsync(replica => { replica.Store.RemoveEvents(new("ticked", late)); return true; }, Token);
        await using var billing = db.Events<Ticked>().SubscribeAsync("billing", cancellationToken: Token).GetAsyncEnumerator(Token);
        Assert.Equal([2], await TakeAsync(billing, 1));
        var next = billing.MoveNextAsync();
        await opened.Writer.RunAsync(replica => { replica.RebuildEvents(new("ticked", late)); return true; }, Token);
        Assert.True(await next);
        Assert.Equal(1, billing.Current.Event!.Number);
    }

    [Fact]
    public async Task Ends_quietly_with_its_database_and_loudly_by_its_token()
    {
        using var folder = new TempFolder();
        var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        using var cancel = new CancellationTokenSource();
        await using var cancelled = db.Events<Ticked>().SubscribeAsync("cancelled", cancellationToken: cancel.Token).GetAsyncEnumerator(cancel.Token);
        await using var quiet = db.Events<Ticked>().SubscribeAsync("quiet", cancellationToken: Token).GetAsyncEnumerator(Token);
        var (first, second) = (cancelled.MoveNextAsync().AsTask(), quiet.MoveNextAsync().AsTask());
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await db.DisposeAsync();
        Assert.False(await second);
    }

    private static Task<Receipt> AppendAsync(EdgeDatabase db, params int[] numbers) => db.EditAsync(change =>
    {
        foreach (var number in numbers) change.Append(s_pump, new Ticked(number));
    }, Token);

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

    private static async Task<List<int>> TakeAllAsync(EdgeDatabase db, string name, int count, EventCursor from = default)
    {
        await using var subscription = db.Events<Ticked>().SubscribeAsync(name, from, Token).GetAsyncEnumerator(Token);
        return await TakeAsync(subscription, count);
    }

    private static async Task<bool> ExistsAsync(EdgeDatabase db, string name)
    {
        var opened = await db.OpenedAsync(Token);
        return await opened.Writer.RunAloneAsync(_ => opened.Subscriptions.Read(name) is not null, Token);
    }
}
