// As people write it.
#pragma warning disable CA2016, xUnit1051

namespace Edge.Sync.Tests.Docs;

/// <summary>The code of docs/deletes.md.</summary>
public class DeleteSnippets
{
    [Fact]
    public async Task Page_shows_what_runs()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var (jobs, people, patients, id) = (db.Documents<Job>(), db.Documents<Person>(), db.Documents<Patient>(), DocumentId.Named("pump-7"));
        await jobs.EditAsync(id, static j => j.Title = "Replace pump 7");
        await people.EditAsync(id, static p => p.Name = "Ann");
        await patients.EditAsync(id, static p => p.Name = "Bob");

        // snippet: delete
        await jobs.DeleteAsync(id);                        // one operation: nothing but the document's existence
        await jobs.RestoreAsync(id);                       // with all its fields, on every replica
        // end
        Assert.Equal("Replace pump 7", (await jobs.FindAsync(id))!.Title);

        // snippet: conflicts
        foreach (var conflict in await db.Conflicts.ToListAsync())
        {
            Console.WriteLine($"{conflict.Field}: {conflict.LostValue} by {conflict.By} at {conflict.At:g} lost to {conflict.ShownValue} ({conflict.Rule})");
            if (conflict.Rule == ConflictRule.EditWins) await db.Conflicts.RestoreAsync(conflict);     // what lost shall stand
            else await db.Conflicts.DismissAsync(conflict);                                            // what is shown shall stand
        }
        // end

        // snippet: purge
        await people.With(new() { Intent = "asked for by letter" }).PurgeAsync(id);      // edge-sync purge FILE person ID
        // end
        Assert.Null(await people.FindAsync(id));

        // snippet: forget
        await patients.ForgetAsync(id);                    // all that PurgeAsync does, and the keys are gone
        // end
        Assert.Null(await patients.FindAsync(id));

        // There is no keeper that has it.
        Assert.Equal(EdgeErrorCode.UnsentChanges, (await Assert.ThrowsAsync<EdgeDocumentException>(() => EvictAsync(folder["tablet.db"], id))).Code);
    }

    private static async Task EvictAsync(string path, DocumentId id)
    {
        // snippet: evict
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = path, MayEvict = true });   // said when the file is made
        var jobs = db.Documents<Job>();
        var report = await jobs.Where(j => j.Done).EvictAsync();          // writes the file anew once; tells which had to stay, and why
        var job = await jobs.FetchAsync(id);                              // waits until it is back, whole
        await jobs.EvictAsync(id);
        // end
        Assert.Equal(0, report.EvictedCount);
        Assert.Null(job);
        await jobs.EditAsync(id, static j => j.Title = "Replace pump 7");
        await jobs.EvictAsync(id);
    }
}

// snippet: delete-wins
[EdgeDocument("permit", Delete = DeletePolicy.DeleteWins)]
public partial class Permit
{
    public partial string Holder { get; set; }
}
// end

// snippet: forgettable
[EdgeDocument("patient", Forgettable = true)]      // each document under keys of its own
public partial class Patient
{
    public partial string Name { get; set; }
}
// end

[EdgeDocument("person")]
public partial class Person
{
    public partial string Name { get; set; }
}
