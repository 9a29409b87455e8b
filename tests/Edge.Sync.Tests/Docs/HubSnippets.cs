// As people write it.
#pragma warning disable CA2016, xUnit1051

namespace Edge.Sync.Tests.Docs;

/// <summary>What docs/hub.md shows of a device; the hub itself is samples/Hub.</summary>
public class HubSnippets
{
    [Fact]
    public async Task A_device_reads_what_was_rejected_whether_or_not_its_hub_is_there()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], TestContext.Current.CancellationToken);
        var edit = await db.Documents<Job>().EditAsync(DocumentId.Named("pump-7"), static job => job.Done = true, TestContext.Current.CancellationToken);
        await db.RejectAsync(edit.ChangeId!.Value, "only a lead closes a job", cancellationToken: TestContext.Current.CancellationToken);
        // snippet: hub-device
        await using var sync = db.StartSync(s => s.UseWebSocket(new Uri("wss://hub.example/sync"), o => o.AccessToken = GetTokenAsync));
        foreach (var rejected in await db.FindRejectedAsync())                     // its own, newest first: nothing throws for a rule
            Console.WriteLine($"{rejected.Documents[0].DocumentId}: {rejected.Rejection!.Reason}");
        // end
        Assert.Equal("only a lead closes a job", Assert.Single(await db.FindRejectedAsync()).Rejection!.Reason);
        // Without a token nothing is dialed: a test leaves the network alone.
        static async ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return null;
        }
    }
}
