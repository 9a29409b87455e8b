using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Edge.Sync.AspNetCore.Tests;

public class HubRulesTests
{
    private const string OnlyALead = "only a lead closes a job";

    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_user_may_not_do_is_void_everywhere_and_whoever_did_it_is_told()
    {
        using var folder = new TempFolder();
        await using var hub = await StartAsync(folder, LeadsClose);
        await using var worker = await OpenAsync(folder, "worker");
        await using var lead = await OpenAsync(folder, "lead");
        await worker.Documents<Job>().EditAsync(s_pump, static job => job.Title = "pump", Token);
        var closed = await worker.Documents<Job>().EditAsync(s_pump, static job => job.Done = true, Token);
        await worker.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(30), Token);
        await using var workers = Connect(worker, hub, "worker");
        await using var leads = Connect(lead, hub, "lead");
        foreach (var database in new[] { hub.Database, worker, lead })
            await database.UntilJobsAsync(static jobs => jobs is [{ Title: "pump", Done: false, Minutes.Value: 30 }]);

        var told = Assert.Single(await worker.FindRejectedAsync(cancellationToken: Token));
        Assert.Equal((closed.ChangeId, OnlyALead), (told.ChangeId, told.Rejection!.Reason));
        var document = Assert.Single(told.Documents);
        Assert.Equal((s_pump, "Done"), (document.DocumentId, Assert.Single(document.Fields)));
        Assert.Empty(await lead.FindRejectedAsync(cancellationToken: Token));
        Assert.Single(await lead.FindRejectedAsync(own: false, Token));

        await lead.Documents<Job>().EditAsync(s_pump, static job => job.Done = true, Token);
        foreach (var database in new[] { hub.Database, worker })
            await database.UntilJobsAsync(static jobs => jobs is [{ Done: true }]);
        Assert.Equal(await worker.GetStateHashAsync(Token), await hub.Database.GetStateHashAsync(Token));
    }

    [Fact]
    public async Task Of_changes_that_only_together_break_a_rule_the_later_one_is_rejected()
    {
        using var folder = new TempFolder();
        await using var hub = await StartAsync(folder, static rules => rules.Validate(static job => job.Minutes.Value < 10_000, "minutes out of range"));
        await using var alice = await OpenAsync(folder, "alice");
        await using var bob = await OpenAsync(folder, "bob");
        foreach (var device in new[] { alice, bob })
        {
            await device.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(6000), Token);
            await using var sync = Connect(device, hub, "worker");
            await sync.WhenSentAsync(Token).WaitAsync(Waiting.Patience, Token);
        }
        await using var first = Connect(alice, hub, "worker");
        await using var second = Connect(bob, hub, "worker");
        foreach (var database in new[] { hub.Database, alice, bob })
            await database.UntilJobsAsync(static jobs => jobs is [{ Minutes.Value: 6000 }]);
        await bob.UntilJobsAsync(static jobs => jobs is [{ Minutes.Value: 6000 }]);
        await UntilRejectedAsync(bob, 1);
        Assert.Equal("minutes out of range", (await bob.FindRejectedAsync(cancellationToken: Token))[0].Rejection!.Reason);
        Assert.Empty(await alice.FindRejectedAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task A_verdict_is_given_once_whatever_comes_again()
    {
        using var folder = new TempFolder();
        await using var worker = await OpenAsync(folder, "worker");
        await worker.Documents<Job>().EditAsync(s_pump, static job => job.Done = true, Token);
        for (var i = 0; i < 3; i++)
        {
            await using var hub = await StartAsync(folder, LeadsClose);
            await using var device = await OpenAsync(folder, $"device-{i}");
            await using var sync = Connect(worker, hub, "worker");
            await using var other = Connect(device, hub, "worker");
            await device.Documents<Job>().EditAsync(DocumentId.Named($"{i}"), static job => job.Title = "new", Token);
            await worker.UntilJobsAsync(jobs => jobs.Count(static job => job.Title == "new") == i + 1);
            await UntilRejectedAsync(worker, 1);
            Assert.Single(await VerdictsAsync(hub.Database));
        }
    }

    [Fact]
    public async Task A_change_is_judged_by_its_author_whoever_brings_it()
    {
        using var folder = new TempFolder();
        await using var hub = await StartAsync(folder, LeadsClose);
        await using var worker = await OpenAsync(folder, "worker");
        await using var lead = await OpenAsync(folder, "lead");
        await worker.Documents<Job>().EditAsync(s_pump, static job => job.Done = true, Token);
        await MeetAsync(worker, lead);
        await using (Connect(lead, hub, "lead"))
            await UntilRejectedAsync(hub.Database, 1, own: false);
        Assert.StartsWith(OnlyALead, (await hub.Database.FindRejectedAsync(own: false, Token))[0].Rejection!.Reason, StringComparison.Ordinal);

        // Nor does it stand once its author comes, who is no lead.
        await using var sync = Connect(worker, hub, "worker");
        await worker.UntilJobsAsync(static jobs => jobs.Count == 0);
        Assert.Single(await VerdictsAsync(hub.Database));
    }

    [Fact]
    public async Task What_was_rejected_for_want_of_its_author_stands_once_they_come()
    {
        using var folder = new TempFolder();
        await using var hub = await StartAsync(folder, LeadsClose);
        await using var worker = await OpenAsync(folder, "worker");
        await using var lead = await OpenAsync(folder, "lead");
        await lead.Documents<Job>().EditAsync(s_pump, static job => job.Done = true, Token);
        await MeetAsync(lead, worker);
        await using var workers = Connect(worker, hub, "worker");
        await UntilRejectedAsync(hub.Database, 1, own: false);
        Assert.EndsWith("(judged before its author came: it is judged again then)", (await hub.Database.FindRejectedAsync(own: false, Token))[0].Rejection!.Reason, StringComparison.Ordinal);
        await using var leads = Connect(lead, hub, "lead");
        foreach (var database in new[] { hub.Database, worker, lead })
            await database.UntilJobsAsync(static jobs => jobs is [{ Done: true }]);
    }

    [Fact]
    public async Task Where_the_author_is_connected_too_their_change_stands_whoever_brings_it()
    {
        using var folder = new TempFolder();
        await using var hub = await StartAsync(folder, LeadsClose);
        await using var worker = await OpenAsync(folder, "worker");
        await using var lead = await OpenAsync(folder, "lead");
        await using var leads = Connect(lead, hub, "lead");
        await using var workers = Connect(worker, hub, "worker");
        await lead.UntilLinkAsync(LinkState.Connected);
        // Its key is known from its first word on, and that it has said by now.
        await lead.Documents<Job>().EditAsync(s_pump, static job => job.Title = "pump", Token);
        await worker.UntilJobsAsync(static jobs => jobs.Count == 1);
        await using (lead.StartSync(s => s.UseInMemory(s_network, "lead")))
        await using (worker.StartSync(s => s.UseInMemory(s_network, "worker")))
        {
            for (var i = 0; i < 20; i++)
                await lead.Documents<Job>().EditAsync(s_pump, job => job.Done = i % 2 == 1, Token);
            await hub.Database.UntilJobsAsync(static jobs => jobs is [{ Done: true }]);
        }
        Assert.Empty(await VerdictsAsync(hub.Database));
    }

    [Fact]
    public async Task A_device_cannot_reject_a_verdict()
    {
        using var folder = new TempFolder();
        await using var hub = await StartAsync(folder, LeadsClose);
        await using var worker = await OpenAsync(folder, "worker");
        await worker.Documents<Job>().EditAsync(s_pump, static job => job.Done = true, Token);
        await using var sync = Connect(worker, hub, "worker");
        await UntilRejectedAsync(worker, 1);
        var verdict = (await worker.FindRejectedAsync(cancellationToken: Token))[0].Rejection!.By;
        await worker.RejectAsync(verdict, "I disagree", cancellationToken: Token);
        await UntilRejectedAsync(worker, 2);
        foreach (var database in new[] { hub.Database, worker })
            Assert.Empty(await database.UntilJobsAsync(static jobs => jobs.Count == 0));
        Assert.Equal(2, (await VerdictsAsync(hub.Database)).Count);

        // Whoever runs the hub can.
        await hub.Database.RejectAsync(verdict, "they may after all", cancellationToken: Token);
        await worker.UntilJobsAsync(static jobs => jobs is [{ Done: true }]);
    }

    [Fact]
    public async Task A_rule_that_throws_rejects_and_stops_nothing()
    {
        using var folder = new TempFolder();
        await using var hub = await StartAsync(folder, static rules => rules
            .Validate(static job => job.Title.Length < 5 ? true : throw new InvalidOperationException($"secret: {job.Title}"), "too long"));
        await using var worker = await OpenAsync(folder, "worker");
        await worker.Documents<Job>().AddAsync(new Job { Title = "a long one" }, Token);
        await worker.Documents<Job>().AddAsync(new Job { Title = "good" }, Token);
        await using var sync = Connect(worker, hub, "worker");
        await UntilRejectedAsync(worker, 1);
        await hub.Database.UntilJobsAsync(static jobs => jobs is [{ Title: "good" }]);
        Assert.Equal("The rules for 'job' could not judge it (InvalidOperationException).", (await worker.FindRejectedAsync(cancellationToken: Token))[0].Rejection!.Reason);
    }

    [Fact]
    public async Task Rules_see_what_was_before_and_deletions()
    {
        using var folder = new TempFolder();
        await using var hub = await StartAsync(folder, static rules => rules
            .Authorize(static (_, change) => change.Before is { Done: true } ? AccessDecision.Deny("it is closed") : AccessDecision.Allow)
            .Authorize(static (user, change) => AccessDecision.Require(!change.Deletes || user.IsInRole("lead"), "only a lead deletes")));
        await using var worker = await OpenAsync(folder, "worker");
        await worker.Documents<Job>().EditAsync(s_pump, static job => job.Done = true, Token);
        await worker.Documents<Job>().EditAsync(s_pump, static job => job.Title = "too late", Token);
        var open = await worker.Documents<Job>().AddAsync(new Job { Title = "open" }, Token);
        await worker.Documents<Job>().DeleteAsync(open.DocumentId, Token);
        await using var sync = Connect(worker, hub, "worker");
        await UntilRejectedAsync(worker, 2);
        Assert.Equal(["only a lead deletes", "it is closed"], (await worker.FindRejectedAsync(cancellationToken: Token)).Select(static told => told.Rejection!.Reason));
        var jobs = await worker.UntilJobsAsync(static jobs => jobs.Count == 2);
        Assert.Equal([("", true), ("open", false)], jobs.Select(static job => (job.Title, job.Done)));
    }

    [Fact]
    public async Task What_was_broken_before_is_nobodys_fault_and_what_the_hub_writes_is_not_judged()
    {
        using var folder = new TempFolder();
        await using var hub = await StartAsync(folder, static rules => rules.Validate(static job => job.Minutes.Value < 10_000, "minutes out of range"));
        await hub.Database.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(20_000), Token);
        await using var worker = await OpenAsync(folder, "worker");
        await using var sync = Connect(worker, hub, "worker");
        await worker.UntilJobsAsync(static jobs => jobs.Count == 1);
        await worker.Documents<Job>().EditAsync(s_pump, static job => job.Title = "stands", Token);
        await worker.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(-15_000), Token);
        await hub.Database.UntilJobsAsync(static jobs => jobs is [{ Title: "stands", Minutes.Value: 5000 }]);
        await worker.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(6000), Token);
        await UntilRejectedAsync(worker, 1);
        await worker.UntilJobsAsync(static jobs => jobs is [{ Minutes.Value: 5000 }]);
    }

    private static readonly InMemoryNetwork s_network = NewNetwork();

    private static InMemoryNetwork NewNetwork()
    {
        var network = new InMemoryNetwork();
        network.Connect("lead", "worker");
        return network;
    }

    private static void LeadsClose(DocumentRules<Job> rules) => rules.Authorize(static (user, change) =>
        change.Touches(job => job.Done) ? AccessDecision.Require(user.IsInRole("lead"), OnlyALead) : AccessDecision.Allow);

    private static Task<EdgeDatabase> OpenAsync(TempFolder folder, string name) => EdgeDatabase.OpenAsync(folder[$"{name}.db"], Token);

    private static SyncController Connect(EdgeDatabase device, TestHub hub, string token) => device.StartSync(s => s.UseWebSocket(hub.Address, o => o.AccessToken = _ => new(token)));

    /// <summary>Lets a second device have all that a first one wrote, without the hub.</summary>
    private static async Task MeetAsync(EdgeDatabase from, EdgeDatabase to)
    {
        var network = new InMemoryNetwork();
        network.Connect("from", "to");
        await using var first = from.StartSync(s => s.UseInMemory(network, "from"));
        await using var second = to.StartSync(s => s.UseInMemory(network, "to"));
        await first.WhenSentAsync(Token).WaitAsync(Waiting.Patience, Token);
    }

    private static async Task<List<HistoryEntry>> VerdictsAsync(EdgeDatabase hub) => await hub.History().Where(static entry => entry.Intent == "rules").ToListAsync(Token);

    /// <summary>Waits until so many changes are rejected.</summary>
    private static Task UntilRejectedAsync(EdgeDatabase database, int count, bool own = true) => database.UntilAsync(async () => (await database.FindRejectedAsync(own, Token)).Count >= count);

    private static Task<TestHub> StartAsync(TempFolder folder, Action<DocumentRules<Job>> rules)
    {
        var tickets = new Tickets();
        tickets.Add("worker", claims: new Claim("device", "van-1"));
        tickets.Add("lead", claims: [new("device", "van-2"), new(ClaimTypes.Role, "lead")]);
        return TestHub.StartAsync(services =>
        {
            TestHub.AddTickets(services, tickets);
            services.AddEdgeSync(o => o.Path = folder["hub.db"]).AddDocument(rules);
        }, app => app.MapEdgeSync("/sync").RequireAuthorization("devices"));
    }
}
