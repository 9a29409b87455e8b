using Edge.Sync.Tests.Links;

namespace Edge.Sync.Tests.Database;

public sealed class ReceiptTests : IDisposable
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");
    private readonly TempFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Change_is_local_until_a_peer_says_that_it_is_durable_there()
    {
        await using var hub = await EdgeDatabase.OpenAsync(_folder["hub.db"], Token);
        await using var device = await EdgeDatabase.OpenAsync(_folder["device.db"], Token);
        var receipt = await device.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(30), Token);
        Assert.Equal(ReceiptStage.Local, await receipt.GetStageAsync(Token));
        var hubReplica = (await Exchange.LogOf(hub)).Replica;
        var (byAny, byHub) = (receipt.WhenDurableAsync(cancellationToken: Token), receipt.WhenDurableAsync(hubReplica, Token));
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var byStranger = receipt.WhenDurableAsync(ReplicaId.FromBytes(new byte[16]), enough.Token);
        var port = Peers.FreePort();
        await using (var listening = hub.StartSync(s => s.UseTcpListener(port)))
        await using (var dialing = device.StartSync(s => s.UseTcp("127.0.0.1", port)))
        {
            await byAny;
            await byHub;
            Assert.Equal(ReceiptStage.Durable, await receipt.GetStageAsync(Token));
            // Elsewhere it is what came from its author.
            Assert.Equal(ReceiptStage.Durable, await hub.GetStageAsync(receipt.ChangeId!.Value, Token));
            await hub.WhenDurableAsync(receipt.ChangeId!.Value, cancellationToken: Token);
            await Assert.ThrowsAsync<ArgumentException>(() => hub.WhenDurableAsync(receipt.ChangeId!.Value, hubReplica, Token));
        }
        // What was said is remembered after the sync, and says nothing of what came later, nor of other peers.
        Assert.Equal(ReceiptStage.Durable, await receipt.GetStageAsync(Token));
        await receipt.WhenDurableAsync(hubReplica, Token);
        Assert.Equal(ReceiptStage.Local, await (await device.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1), Token)).GetStageAsync(Token));
        Assert.False(byStranger.IsCompleted);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => byStranger);
    }

    [Fact]
    public async Task Change_that_another_device_accepts_or_rejects_says_so()
    {
        await using var alice = await EdgeDatabase.OpenAsync(_folder["alice.db"], Token);
        await using var bob = await EdgeDatabase.OpenAsync(_folder["bob.db"], Token);
        var right = await alice.Documents<Job>().EditAsync(s_pump, static job => job.Title = "right", Token);
        await alice.AcceptAsync(cancellationToken: Token);
        Assert.Equal(ReceiptStage.Local, await right.GetStageAsync(Token)); // its own author's acceptance is no news
        await Exchange.MergeAsync(alice, bob);
        await bob.AcceptAsync(cancellationToken: Token);
        await Exchange.MergeAsync(alice, bob);
        var wrong = await alice.Documents<Job>().EditAsync(s_pump, static job => job.Title = "wrong", Token);
        Assert.Equal(ReceiptStage.Accepted, await right.GetStageAsync(Token));
        Assert.Equal(ReceiptStage.Local, await wrong.GetStageAsync(Token));
        await alice.RejectAsync(wrong.ChangeId!.Value, "no", cancellationToken: Token); // its acceptance came before
        Assert.Equal(ReceiptStage.Rejected, await wrong.GetStageAsync(Token));
        Assert.Equal("no", (await alice.FindRejectionAsync(wrong.ChangeId!.Value, Token))!.Reason);
    }

    [Fact]
    public async Task Edit_that_wrote_nothing_has_no_stage_and_nothing_to_wait_for()
    {
        await using var db = await EdgeDatabase.OpenAsync(_folder["a.db"], Token);
        var nothing = await db.Documents<Job>().DeleteAsync(s_pump, Token);
        Assert.Null(nothing.ChangeId);
        Assert.Equal(ReceiptStage.None, await nothing.GetStageAsync(Token));
        await nothing.WhenDurableAsync(cancellationToken: Token);
    }

    [Fact]
    public async Task Wait_for_a_peer_ends_with_the_database()
    {
        var db = await EdgeDatabase.OpenAsync(_folder["a.db"], Token);
        var receipt = await db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1), Token);
        var waiting = receipt.WhenDurableAsync(cancellationToken: Token);
        await db.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => receipt.GetStageAsync(Token));
        await using var other = await EdgeDatabase.OpenAsync(_folder["b.db"], Token);
        await Assert.ThrowsAsync<ArgumentException>(() => other.GetStageAsync(receipt.ChangeId!.Value, Token));
    }

    public void Dispose() => _folder.Dispose();
}
