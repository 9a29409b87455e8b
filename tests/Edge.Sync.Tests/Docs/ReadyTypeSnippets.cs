// As people write it.
#pragma warning disable CA2016, xUnit1051

using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Tests.Docs;

/// <summary>The code of docs/ready-types.md.</summary>
public class ReadyTypeSnippets
{
    [Fact]
    public async Task Page_shows_what_runs()
    {
        using var folder = new TempFolder();
        var clock = new FakeTimeProvider(new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero));
        await using var db = new EdgeDatabase(new() { Path = folder["a.db"], TimeProvider = clock });
        var machines = db.Documents<Machine>();
        var id = DocumentId.Named("press-1");
        var kiosk = ReplicaId.FromBytes([.. Enumerable.Range(0, 16).Select(static i => (byte)i)]);

        // snippet: lease
        var (now, drift) = (clock.GetUtcNow(), TimeSpan.FromSeconds(10));
        var isMine = false;
        await machines.EditAsync(id, m => isMine = m.Operator.TryAcquire("tablet-7", now, TimeSpan.FromMinutes(5), drift));
        var grant = (await machines.FindAsync(id))!.Operator.Grant;      // grant.Token goes with each request to the machine
        // end
        Assert.True(isMine);
        Assert.Equal(("tablet-7", 1), (grant.Holder, grant.Token));

        // snippet: twin
        await machines.EditAsync(id, m => m.Twin.Ask(target => target.Force = 3));                // the plant, or the device's own panel

        var seen = (await machines.FindAsync(id))!.Twin;                                          // the device: read, act, tell
        await machines.EditAsync(id, m => m.Twin.Report(seen.DesiredVersion, told => told.Force = 2.9));

        var late = await machines.Where(m => m.Twin.AppliedVersion.Value < m.Twin.DesiredVersion.Value).ToListAsync();
        // end
        Assert.Empty(late);

        // snippet: work
        var queue = new WorkQueue<Machine>(db, "worker-3", static m => m.Service, static all => all.Where(m => !m.Service.IsDone.Value).OrderBy(m => m.Name).Take(100));
        while (await queue.TryClaimAsync() is { } item)
        {
            // … do it; RenewAsync where it takes longer than ClaimFor …
            var isOnly = await queue.CompleteAsync(item);                // false: it may have been done twice
        }
        // end

        // snippet: reservation
        await machines.EditAsync(id, m => m.Slots.Stock.Grant(10));                               // this replica holds the rights …
        await machines.EditAsync(id, m => m.Slots.Stock.TryTransfer(kiosk, 6));                   // … and hands some on
        var (isHeld, until) = (false, clock.GetUtcNow().AddMinutes(15));
        await machines.EditAsync(id, m => isHeld = m.Slots.TryHold("order 41", 2, until));
        await machines.EditAsync(id, m => m.Slots.TryConfirm("order 41"));                        // or TryCancel, CancelExpired
        // end
        Assert.True(isHeld);

        var plates = db.Documents<Plate>();
        // snippet: name-claim
        var plate = DocumentId.Named("plate/ZH 1234");                   // the document that stands for the name
        var isClaimed = false;
        await plates.EditAsync(plate, p => isClaimed = p.Claim.TryClaim(id));
        await plates.EditAsync(plate, p => p.Claim.Confirm(id));         // once peers have the claim: sync.WhenSentAsync()
        var losers = (await plates.FindAsync(plate))!.Claim.Losers;      // who claimed it too, and needs another
        // end
        Assert.True(isClaimed);
        Assert.Empty(losers);

        var buses = db.Documents<Bus>();
        // snippet: unique-claim-use
        try { await buses.EditAsync(id, b => b.Number = "ZH 1234"); }
        catch (EdgeDocumentException e) when (e.Code == EdgeErrorCode.NameTaken) { Console.Error.WriteLine(e.Message); }      // another bears it, as far as is known here
        await buses.ConfirmClaimsAsync(id);                              // once peers have it: a claim that comes late loses then
        foreach (var lost in await db.Conflicts.ToListAsync())
            if (lost.Rule == ConflictRule.NameTaken) Console.WriteLine($"{lost.DocumentId} needs another {lost.Field} than {lost.LostValue}: {lost.ShownValue} bears it");
        // end
        Assert.Equal("ZH 1234", (await buses.FindAsync(id))!.Number);

        var machine = (await machines.FindAsync(id))!;
        Assert.Equal((8, 2), (machine.Slots.Stock.Value, machine.Slots.Confirmed.Value));
        Assert.Equal(["worker-3"], machine.Service.CompletedBy);
    }
}

[EdgeDocument("plate")]
public partial class Plate
{
    public partial NameClaim Claim { get; }
}

// snippet: unique-claim
[EdgeDocument("bus")]
public partial class Bus
{
    [UniqueClaim] public partial string Number { get; set; }
}
// end

// snippet: press
[EdgeDocument("machine")]
public partial class Machine
{
    public partial string Name { get; set; }
    public partial Lease Operator { get; }                       // who may use it, and until when
    public partial Twin<Target, Reading> Twin { get; }           // how it shall be, and how it says that it is
    public partial Work Service { get; }                         // something that one of several workers does
    public partial Reservation Slots { get; }                    // stock that is never oversold
}

[EdgeObject] public partial class Target { public partial double Force { get; set; } }
[EdgeObject] public partial class Reading { public partial double Force { get; set; } }
// end
