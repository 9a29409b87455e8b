using Edge.Sync.Log;
using Edge.Sync.Tests.Copies;
using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Storage;

public class FoldingReportTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump");

    [Fact]
    public async Task Who_has_been_silent_holds_back_what_came_since_it_spoke()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"], Token);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"], Token);
        Assert.Equal((0, 0, 0), await CountsAsync(alice));

        await alice.Documents<Job>().EditAsync(s_pump, static job => job.Title = "alone", Token);
        Assert.Equal((1, 1, 0), await CountsAsync(alice)); // there is nobody else
        await Meeting.MeetAsync(alice, bob);
        await bob.Documents<Job>().EditAsync(s_pump, static job => job.Notes.Append("seen"), Token);
        await Meeting.MeetAsync(alice, bob);
        await alice.Documents<Job>().EditAsync(s_pump, static job => job.Notes.Append("!"), Token);
        await alice.Documents<Site>().EditAsync(s_pump, static site => site.Name = "harbour", Token);

        var report = await alice.GetFoldingAsync(cancellationToken: Token);
        Assert.Equal((4, 2), (report.ChangeCount, report.FoldableCount));
        var holder = Assert.Single(report.HeldBackBy);
        Assert.Equal((await bob.GetReplicaIdAsync(Token), false), (holder.Replica, holder.IsThisReplica));
        Assert.Equal(report.Bytes - report.FoldableBytes, holder.Bytes);
        Assert.Equal(["job", "site"], report.Collections.Select(static collection => collection.Collection));
        Assert.InRange(report.Collections[0].FoldableBytes, 1, report.Collections[0].Bytes - 1);
        Assert.Equal((0, report.Collections[1].Bytes), (report.Collections[1].FoldableBytes, Assert.Single(report.Collections[1].HeldBackBy).Bytes));

        // Receiving says nothing in the log; writing does.
        await Meeting.MeetAsync(alice, bob);
        Assert.Equal((4, 2, 1), await CountsAsync(alice));
        await bob.Documents<Job>().EditAsync(s_pump, static job => job.Notes.Append("?"), Token);
        await Meeting.MeetAsync(alice, bob);
        Assert.Equal((5, 4, 1), await CountsAsync(alice));
        Assert.True(Assert.Single((await alice.GetFoldingAsync(cancellationToken: Token)).HeldBackBy).IsThisReplica);
    }

    /// <summary>Beside a search through all that each end follows, link by link; copies of a file, which fork a feed, among the replicas.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public async Task Report_is_what_a_plain_search_finds(int seed, bool isCopied)
    {
        using var folder = new TempFolder();
        await using (var image = await EdgeDatabase.OpenAsync(folder["image.db"], Token))
            for (var i = 0; i < 3; i++) await image.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1), Token);
        File.Copy(folder["image.db"], folder["0.db"]);
        if (isCopied) File.Copy(folder["image.db"], folder["1.db"]);
        var databases = new List<EdgeDatabase>();
        for (var i = 0; i < 4; i++) databases.Add(await EdgeDatabase.OpenAsync(folder[$"{i}.db"], Token));
        var random = new Random(seed);
        var (partly, forked) = (0, 0);
        for (var step = 0; step < 60; step++)
        {
            var database = databases[random.Next(4)];
            if (random.Next(3) == 0) await Meeting.MeetAsync(database, databases[(databases.IndexOf(database) + random.Next(1, 4)) % 4]);
            else if (random.Next(2) == 0) await database.Documents<Site>().EditAsync(s_pump, site => site.Name = $"{step}", Token);
            else await database.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1), Token);

            var report = await database.GetFoldingAsync(cancellationToken: Token);
            var (ends, expected) = Search(await Exchange.ReadAllAsync(database));
            Assert.Equal(expected, Show(report));
            var opened = await database.OpenedAsync(Token);
            Assert.Equal(expected, Show(opened.Readers.Use(connection => FoldingReader.Read(connection, folder[$"{databases.IndexOf(database)}.db"], null, default, countersMax: 1))));
            if (ends > 4) forked++;
            if (report.FoldableCount > 0 && report.FoldableCount < report.ChangeCount) partly++;
        }
        // What a copy leaves its feed for stays its end.
        Assert.Equal(isCopied, forked > 10);
        Assert.True(partly > 20, $"{partly} reports of logs that are seen in part");
        foreach (var database in databases) await database.DisposeAsync();
    }

    private static async Task<(long, long, int)> CountsAsync(EdgeDatabase database)
    {
        var report = await database.GetFoldingAsync(cancellationToken: Token);
        return (report.ChangeCount, report.FoldableCount, report.HeldBackBy.Count);
    }

    private static string Show(FoldingReport report) => string.Join('\n', [
        $"{report.FoldableCount} of {report.ChangeCount}, {report.FoldableBytes} of {report.Bytes}: {Show(report.HeldBackBy)}",
        .. report.Collections.Select(static of => $"{of.Collection} {of.FoldableBytes} of {of.Bytes}: {Show(of.HeldBackBy)}")]);

    private static string Show(IReadOnlyList<FoldHolder> holders) => string.Join(' ', holders.Select(static holder => $"{holder.Replica} {holder.Bytes}").Order(StringComparer.Ordinal));

    private static (int Ends, string Shown) Search(List<StoredChange> log)
    {
        var changes = log.ConvertAll(static stored => Change.ParseStored(stored.Bytes));
        var byLast = changes.ToDictionary(static change => change.Header.Last);
        var ends = changes.Where(change => !changes.Exists(other => other.Before == change.Header.Last)).ToList();
        var seen = ends.ToDictionary(static end => end, end =>
        {
            var found = new HashSet<Change>();
            var left = new Stack<Change>([end]);
            while (left.TryPop(out var change))
                if (found.Add(change))
                    foreach (var dot in (Dot[])[.. change.Header.Dependencies, .. change.Before.Counter > 0 ? [change.Before] : Array.Empty<Dot>()]) left.Push(byLast[dot]);
            return found;
        });
        var lines = new List<string>();
        Add("", static change => change.Bytes.Length);
        foreach (var collection in changes.SelectMany(static change => Sections(change)).Select(static section => section.Collection).Distinct().Order(StringComparer.Ordinal))
            Add(collection + " ", change => Sections(change).Where(section => section.Collection == collection).Sum(static section => section.Bytes));
        return (ends.Count, string.Join('\n', lines));

        void Add(string name, Func<Change, int> size)
        {
            var foldable = changes.Where(change => seen.Values.All(of => of.Contains(change))).ToList();
            var holders = ends.Select(end => (end, Bytes: changes.Where(change => !seen[end].Contains(change)).Sum(size))).Where(static of => of.Bytes > 0);
            lines.Add($"{name}{(name.Length == 0 ? $"{foldable.Count} of {changes.Count}, " : "")}{foldable.Sum(size)} of {changes.Sum(size)}: "
                + string.Join(' ', holders.Select(static of => $"{of.end.Written.Replica} {of.Bytes}").Order(StringComparer.Ordinal)));
        }
    }

    private static List<(string Collection, int Bytes)> Sections(Change change)
    {
        var sections = new List<(string, int)>();
        var reader = new BodyReader(change.Body);
        while (reader.Read())
            if (SectionEnvelope.Of(reader.Content) is { NamesDocument: true } envelope) sections.Add((envelope.Document.Collection, reader.Content.Length));
        return sections;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
