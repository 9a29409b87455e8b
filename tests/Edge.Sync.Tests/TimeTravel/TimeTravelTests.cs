using System.Text;
using Edge.Sync.Tests.Database;
using Edge.Sync.Tests.Documents.Types;

namespace Edge.Sync.Tests.TimeTravel;

/// <summary>Reading the database as it was, and what differs between two versions.</summary>
public sealed class TimeTravelTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    [Fact]
    public async Task Every_version_reads_as_it_was_here_and_on_a_peer()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        var random = new Random(7);
        var versions = new List<(DatabaseVersion Version, string Read)> { (await alice.GetVersionAsync(), "") };
        for (var i = 0; i < 40; i++)
        {
            var db = random.Next(2) == 0 ? alice : bob;
            var id = DocumentId.Named($"pump-{random.Next(3)}");
            if (random.Next(6) == 0) await db.Documents<Job>().DeleteAsync(id);
            else await db.Documents<Job>().EditAsync(id, j => { j.Title = $"{i}"; j.Minutes.Add(i); j.Notes.Insert(0, $"{i} "); j.Parts.Add($"{i % 5}"); });
            if (random.Next(3) == 0) await Exchange.MergeAsync(alice, bob);
            versions.Add((await alice.GetVersionAsync(), Show(await alice.Documents<Job>().ToListAsync())));
        }
        await Exchange.MergeAsync(alice, bob);
        Assert.True((await bob.GetVersionAsync()).Includes(versions[^1].Version));
        foreach (var (version, read) in versions)
            foreach (var db in (EdgeDatabase[])[alice, bob])
            {
                var view = db.At(DatabaseVersion.Parse(version.ToString()));
                var list = await view.ToListAsync<Job>();
                Assert.Equal(read, Show(list));
                for (var i = 0; i < 3; i++)
                {
                    var id = DocumentId.Named($"pump-{i}");
                    Assert.Equal(Show(list.Where(j => j.Id == id)), Show([.. await view.FindAsync<Job>(id) is { } job ? (Job[])[job] : []]));
                }
            }
    }

    [Fact]
    public async Task Version_never_held_is_a_typed_error()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        await alice.Documents<Job>().EditAsync(s_pump, static j => { j.Title = "A"; j.Done = true; });
        await Exchange.MergeAsync(alice, bob);
        await bob.Documents<Job>().EditAsync(s_pump, static j => j.Title = "B");
        var ahead = await bob.GetVersionAsync();
        await AssertUnknown(alice, ahead);

        await Exchange.MergeAsync(alice, bob);
        Assert.Equal("B", (await alice.At(ahead).FindAsync<Job>(s_pump))!.Title);
        var ends = ahead.Vector.ToSortedList();
        var mine = (await Exchange.LogOf(alice)).Replica;
        // In the middle of a change; and with a change, but without the one that it follows.
        await AssertUnknown(alice, Of(new Dot(mine, 1)));
        await AssertUnknown(alice, Of(ends.Single(d => d.Replica != mine)));

        static DatabaseVersion Of(Dot dot)
        {
            var vector = new VersionVector();
            vector.Include(dot);
            return new(vector);
        }

        static async Task AssertUnknown(EdgeDatabase db, DatabaseVersion version)
        {
            Assert.Equal(EdgeErrorCode.UnknownVersion, (await Assert.ThrowsAsync<EdgeDataException>(() => db.At(version).FindAsync<Job>(s_pump))).Code);
            Assert.Equal(EdgeErrorCode.UnknownVersion, (await Assert.ThrowsAsync<EdgeDataException>(() => db.At(version).ToListAsync<Job>())).Code);
        }
    }

    [Fact]
    public void Version_survives_as_bytes_and_text_and_what_is_none_is_refused()
    {
        var vector = new VersionVector();
        vector.Include(new(new(1, 2), 300));
        vector.Include(new(new(5, 6), 7));
        var version = new DatabaseVersion(vector);
        Assert.Equal(version, DatabaseVersion.FromBytes(version.ToByteArray()));
        Assert.Equal(version, DatabaseVersion.Parse(version.ToString()));
        Assert.Equal(version.GetHashCode(), DatabaseVersion.Parse(version.ToString()).GetHashCode());
        Assert.NotEqual(DatabaseVersion.Empty, version);
        Assert.True(version.Includes(DatabaseVersion.Empty));
        Assert.False(DatabaseVersion.Empty.Includes(version));
        foreach (var text in (string[])["", "!", "AAAA", version.ToString()[..^4], version + "AAAA"])
        {
            Assert.Throws<EdgeDataException>(() => DatabaseVersion.Parse(text));
            Assert.False(DatabaseVersion.TryParse(text, null, out _));
        }
        var bytes = version.ToByteArray();
        var random = new Random(1);
        for (var i = 0; i < 5000; i++)
        {
            var mutated = bytes.ToArray();
            mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            try { Assert.Equal(Convert.ToHexString(mutated), Convert.ToHexString(DatabaseVersion.FromBytes(mutated).ToByteArray())); }
            catch (EdgeDataException) { }
        }
    }

    [Fact]
    public async Task Diff_says_by_field_what_changed()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var jobs = db.Documents<Job>();
        await jobs.EditAsync(s_pump, static j => { j.Title = "A"; j.Minutes.Add(30); j.Parts.Add("seal"); j.Parts.Add("bolt"); j.Notes.Append("one two three"); });
        var from = await db.GetVersionAsync();
        await jobs.EditAsync(s_pump, static j => { j.Title = "B"; j.Minutes.Add(-10); j.Parts.Remove("seal"); j.Parts.Add("nut"); j.Notes.Delete(4, 4); j.Notes.Insert(0, "> "); });
        await jobs.EditAsync(s_pump, static j => { j.Notes.Append("!"); j.Due = DateTimeOffset.UnixEpoch; });
        var to = await db.GetVersionAsync();

        var diff = await db.DiffAsync<Job>(s_pump, from, to);
        Assert.Equal((s_pump, true, true), (diff.DocumentId, diff.ExistedBefore, diff.ExistsAfter));
        Assert.Equal("Title: A -> B | Due:  -> 01/01/1970 00:00:00 +00:00 | Minutes: 30 -> 20 | Parts: +nut -seal | Notes: +0'> ' -6'two ' +11'!'", Show(diff));
        Assert.Equal("Title: B -> A | Due: 01/01/1970 00:00:00 +00:00 ->  | Minutes: 20 -> 30 | Parts: +seal -nut | Notes: -0'> ' +4'two ' -13'!'", Show(await db.DiffAsync<Job>(s_pump, to, from)));
        Assert.Empty((await db.DiffAsync<Job>(s_pump, to, to)).Fields);
        var whole = await db.DiffAsync<Job>(s_pump, DatabaseVersion.Empty, from);
        Assert.Equal((false, true, 4), (whole.ExistedBefore, whole.ExistsAfter, whole.Fields.Count));
    }

    [Fact]
    public async Task List_diff_knows_elements_by_what_they_are()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var plants = db.Documents<Plant>();
        await plants.EditAsync(s_pump, static p => p.Plan.InsertRange(0, "a", "b", "c", "a"));
        var from = await db.GetVersionAsync();
        await plants.EditAsync(s_pump, static p =>
        {
            p.Plan.RemoveAt(0);
            p.Plan.Move(0, 2);
            p.Plan[0] = "C";
            p.Plan.Insert(0, "b");
        });
        var to = await db.GetVersionAsync();

        var diff = Assert.IsType<ElementsDiff>(Assert.Single((await db.DiffAsync<Plant>(s_pump, from, to)).Fields));
        Assert.Equal(("Plan", "b C", "a c", "b"), (diff.Field, string.Join(" ", diff.Added), string.Join(" ", diff.Removed), string.Join(" ", diff.Moved)));
        Assert.Empty((await db.DiffAsync<Plant>(s_pump, to, to)).Fields);
    }

    [Fact]
    public async Task Text_diff_makes_the_one_of_the_other()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        var random = new Random(3);
        var versions = new List<(DatabaseVersion Version, string Text)>();
        for (var i = 0; i < 60; i++)
        {
            var db = random.Next(2) == 0 ? alice : bob;
            await db.Documents<Job>().EditAsync(s_pump, j =>
            {
                var at = random.Next(j.Notes.Length + 1);
                if (random.Next(3) > 0) j.Notes.Insert(at, $"{(char)('a' + (i % 26))}{(char)('A' + (i % 26))}");
                else if (at < j.Notes.Length) j.Notes.Delete(at, Math.Min(3, j.Notes.Length - at));
            });
            if (random.Next(4) == 0) await Exchange.MergeAsync(alice, bob);
            versions.Add((await db.GetVersionAsync(), (await db.Documents<Job>().FindAsync(s_pump))!.Notes.Value));
        }
        await Exchange.MergeAsync(alice, bob);
        for (var i = 0; i < 60; i++)
        {
            var (a, b) = (versions[random.Next(versions.Count)], versions[random.Next(versions.Count)]);
            var text = new StringBuilder(a.Text);
            foreach (var edit in (await alice.DiffAsync<Job>(s_pump, a.Version, b.Version)).Fields.OfType<TextDiff>().SelectMany(static d => d.Edits))
            {
                if (edit.IsInsertion) text.Insert(edit.Index, edit.Text);
                else
                {
                    Assert.Equal(edit.Text, text.ToString(edit.Index, edit.Text.Length));
                    text.Remove(edit.Index, edit.Text.Length);
                }
            }
            Assert.Equal(b.Text, text.ToString());
        }
    }

    private static string Show(IEnumerable<Job> jobs) => string.Join("; ", jobs.OrderBy(static j => j.Id.ToString(), StringComparer.Ordinal)
        .Select(static j => $"{j.Title} {j.Minutes.Value} {string.Join(",", j.Parts)} {j.Notes}"));

    private static string Show(DocumentDiff diff) => string.Join(" | ", diff.Fields.Select(static f => f.Field + ": " + f switch
    {
        ValueDiff v => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{v.Before} -> {v.After}"),
        AmountDiff a => $"{a.Before} -> {a.After}",
        ElementsDiff e => string.Join(" ", e.Added.Select(static x => $"+{x}").Concat(e.Removed.Select(static x => $"-{x}"))),
        TextDiff t => string.Join(" ", t.Edits.Select(static x => $"{(x.IsInsertion ? '+' : '-')}{x.Index}'{x.Text}'")),
        _ => f.ToString(),
    }));
}
