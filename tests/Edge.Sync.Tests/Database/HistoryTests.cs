using System.Diagnostics;

namespace Edge.Sync.Tests.Database;

/// <summary>Who, when, what, and whether it is proven: the log as people read it.</summary>
public sealed class HistoryTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");
    private static readonly DocumentId s_valve = DocumentId.Named("valve-2");

    [Fact]
    public async Task History_of_a_document_tells_who_wrote_what_and_why_in_order()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        db.Author = "alice";
        await db.Documents<Job>().With(new EditOptions { Intent = "import" }).EditAsync(s_pump, static j => { j.Title = "Pump"; j.Minutes.Add(5); });
        await db.Documents<Job>().EditAsync(s_valve, static j => j.Title = "Valve");
        await db.Documents<Job>().With(new EditOptions { Author = "bob" }).EditAsync(s_pump, static j => j.Minutes.Add(7));
        db.Author = null;
        await db.Documents<Job>().DeleteAsync(s_pump);

        var entries = await db.History<Job>(s_pump).ToListAsync();
        Assert.Equal([("alice", "import"), ("bob", null), (null, null)], entries.Select(static e => (e.Author, e.Intent)));
        Assert.Equal(["Title Minutes", "Minutes", ""], entries.Select(static e => string.Join(' ', Assert.Single(e.Documents).Fields)));
        Assert.All(entries, async e => Assert.Equal(await db.GetReplicaIdAsync(), e.Replica));
        var second = Assert.IsType<AmountDiff>(Assert.Single(entries[1].Difference!.Fields));
        Assert.Equal(("Minutes", 5L, 12L), (second.Field, second.Before, second.After));
        Assert.Equal((true, false), (entries[2].Difference!.ExistedBefore, entries[2].Difference!.ExistsAfter));
        Assert.Equal(4, await db.History().CountAsync());
    }

    [Fact]
    public async Task Change_carries_the_trace_that_it_was_made_in_to_every_replica()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["b.db"]);
        ActivityContext trace;
        using (var tap = new Activity("tap").SetIdFormat(ActivityIdFormat.W3C).Start())
        {
            trace = tap.Context;
            await alice.Documents<Job>().EditAsync(s_pump, static j => j.Done = true);
        }
        await alice.Documents<Job>().EditAsync(s_pump, static j => j.Done = false);
        await Exchange.MergeAsync(alice, bob);

        var entries = await bob.History().ToListAsync();
        Assert.Equal((trace.TraceId, trace.SpanId, true), (entries[0].Trace.TraceId, entries[0].Trace.SpanId, entries[0].Trace.IsRemote));
        Assert.Equal(default, entries[1].Trace);
        // Bob's object has not used the class: fields go by their ids.
        Assert.Matches("^[0-9a-f]{8}$", Assert.Single(Assert.Single(entries[0].Documents).Fields));
    }

    [Fact]
    public async Task Changes_are_unsealed_until_they_leave_and_sealed_on_both_sides_then()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["b.db"]);
        for (var i = 0; i < 5; i++) await alice.Documents<Job>().EditAsync(s_pump, static j => j.Minutes.Add(1));
        Assert.All(await alice.History().ToListAsync(), static e => Assert.Equal(ChangeProof.Unsealed, e.Proof));

        await Exchange.MergeAsync(alice, bob);
        await alice.Documents<Job>().EditAsync(s_pump, static j => j.Minutes.Add(1));
        foreach (var entries in new[] { await alice.History().ToListAsync(), await bob.History<Job>(s_pump).ToListAsync() })
            Assert.All(entries.Take(5), static e => Assert.Equal(ChangeProof.Sealed, e.Proof));
        Assert.Equal(ChangeProof.Unsealed, (await alice.History().ToListAsync())[5].Proof);
    }

    [Theory]
    [InlineData("UPDATE edge_changes SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) || CASE substr(bytes, length(bytes)) WHEN x'55' THEN x'56' ELSE x'55' END AS BLOB) WHERE sequence = 2", 2)]
    [InlineData("UPDATE edge_changes SET id = zeroblob(32) WHERE sequence = 2", 2)]
    [InlineData("UPDATE edge_changes SET seal = CAST(substr(seal, 1, 63) || CASE substr(seal, 64) WHEN x'55' THEN x'56' ELSE x'55' END AS BLOB) WHERE seal IS NOT NULL", 1)]
    public async Task Tampered_change_is_broken_and_so_is_what_its_seal_would_have_proven(string tamper, int firstBroken)
    {
        using var folder = new TempFolder();
        await using (var alice = await EdgeDatabase.OpenAsync(folder["a.db"]))
        await using (var bob = await EdgeDatabase.OpenAsync(folder["b.db"]))
        {
            for (var i = 0; i < 4; i++) await alice.Documents<Job>().EditAsync(s_pump, static j => j.Title += "x");
            await Exchange.MergeAsync(alice, bob);
        }
        PlainSql.Execute(folder["a.db"], tamper);

        await using var reopened = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var proofs = (await reopened.History().ToListAsync()).Select(static e => e.Proof).ToList();
        Assert.Equal(4, proofs.Count);
        Assert.Contains(ChangeProof.Broken, proofs);
        Assert.Equal(ChangeProof.Broken, proofs[firstBroken - 1]);
        Assert.DoesNotContain(ChangeProof.Sealed, proofs.Take(firstBroken));
    }

    [Fact]
    public async Task Author_has_a_bounded_length()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        Assert.Throws<ArgumentException>(() => db.Author = new string('ü', 129));
        await Assert.ThrowsAsync<ArgumentException>(() => db.Documents<Job>().With(new EditOptions { Author = new string('x', 257) }).EditAsync(s_pump, static j => j.Done = true));
        Assert.Empty(await db.History().ToListAsync());
        db.Author = new string('ü', 128);
        await db.Documents<Job>().EditAsync(s_pump, static j => j.Done = true);
        Assert.Equal(db.Author, Assert.Single(await db.History().ToListAsync()).Author);
    }

    [Fact]
    public async Task Undo_says_who_took_back()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var undo = db.CreateUndoHistory("board");
        await db.Documents<Job>().With(new EditOptions { Undo = undo }).EditAsync(s_pump, static j => j.Minutes.Add(1));
        db.Author = "carol";
        await undo.UndoAsync();
        var last = (await db.History<Job>(s_pump).ToListAsync())[^1];
        Assert.Equal(("carol", "undo"), (last.Author, last.Intent));
    }
}
