// As people write it.
#pragma warning disable CA2016, xUnit1051

namespace Edge.Sync.Tests.Docs;

/// <summary>The code of docs/undo-and-history.md.</summary>
public class UndoSnippets
{
    [Fact]
    public async Task Page_shows_what_runs()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var (id, user) = (DocumentId.Named("pump-7"), (Name: "alice", Team: "day"));

        // snippet: undo
        var undo = db.CreateUndoHistory("board");                                  // found again under this name after a restart
        var jobs = db.Documents<Job>().With(new EditOptions { Undo = undo });      // edits by this set are in the history, others are not
        await jobs.EditAsync(id, j => { j.Done = true; j.Minutes.Add(30); });
        var result = await undo.UndoAsync();                                       // an ordinary change, sent as any other
        foreach (var left in result.Obstacles) Console.WriteLine($"{left.Field}: {left.Reason}");
        await undo.RedoAsync();
        // end
        Assert.True((await jobs.FindAsync(id))!.Done);

        // snippet: history
        db.Author = user.Name;                                                     // from now on; or EditOptions.Author for some edits
        await foreach (var change in db.History<Job>(id))                          // or db.History(): all changes
            Console.WriteLine($"{change.At:g} {change.Author}: {change.Intent} {change.Proof}, {change.Difference!.Fields.Count} fields");
        // end

        // snippet: time-travel
        var before = await db.GetVersionAsync();                                   // a name for this state; keep it as text or bytes
        var text = before.ToString();
        var then = db.At(DatabaseVersion.Parse(text));
        var job = await then.FindAsync<Job>(id);                                   // as it was, or null
        var all = await then.ToListAsync<Job>();
        // end
        Assert.Equal((30, 1), (job!.Minutes.Value, all.Count));

        var receipt = await jobs.EditAsync(id, static j => { j.Title = "Replace pump 7"; j.Notes.Append("leaks"); });
        var after = await db.GetVersionAsync();
        // snippet: diff
        var diff = await db.DiffAsync<Job>(id, before, after);                     // either may be the later one
        foreach (var field in diff.Fields)                                         // ValueDiff, AmountDiff, ElementsDiff, KeysDiff, TextDiff
            if (field is TextDiff { Edits: var edits }) Console.WriteLine($"{edits.Count} edits of a text");
        // end
        Assert.Equal(2, diff.Fields.Count);

        // snippet: attribution
        var who = await db.AttributeAsync<Job>(id);
        Console.WriteLine(who.Find("Title")?.By.Author);                           // whose value is shown; with the change, its time and intent
        foreach (var part in who.Find("Notes")!.Spans)                             // each character, in stretches of one change; elements of lists, too
            Console.WriteLine($"{part.Index}+{part.Length}: {part.By.Author}");
        // end
        Assert.Equal("alice", who.Find("Title")?.By.Author);

        // snippet: reject
        await db.RejectAsync(receipt.ChangeId!.Value, "not by you");               // of a receipt, or of the history
        await foreach (var entry in db.History<Job>(id))
            if (entry.Rejection is { } rejection) Console.WriteLine($"{entry.ChangeId} has no effect: {rejection.Reason}");
        await db.AcceptAsync();                                                    // this device will reject nothing of what is here
        // end
        Assert.Equal("", (await jobs.FindAsync(id))!.Title);

        using var soon = new CancellationTokenSource();
        await soon.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendAsync(db, id, soon.Token));
    }

    private static async Task SendAsync(EdgeDatabase db, DocumentId id, CancellationToken cancellationToken)
    {
        // snippet: receipt
        var receipt = await db.Documents<Job>().EditAsync(id, j => j.Done = true);
        await receipt.WhenDurableAsync(cancellationToken: cancellationToken);      // a peer has it, and a power cut there does not take it back
        if (await receipt.GetStageAsync() == ReceiptStage.Rejected)
            Console.WriteLine((await db.FindRejectionAsync(receipt.ChangeId!.Value))!.Reason);
        // end
    }
}
