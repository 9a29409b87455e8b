using System.Globalization;
using Edge.Sync.Causality;
using Edge.Sync.Documents;

namespace Edge.Sync.Benchmarks.Cqrs;

/// <summary>What events and projections cost beside a commit without them, in turns within one run, on the writer's own path.</summary>
internal static class CqrsCommand
{
    private const int Commits = 250, WarmUps = 8, Rounds = 48, Streams = 500, Events = 100_000;
    private static readonly DocumentId[] s_ids = [.. Enumerable.Range(0, Streams).Select(static i => DocumentId.Named($"press {i}"))];

    public static int Run()
    {
        var folder = Directory.CreateTempSubdirectory("edge-sync-cqrs").FullName;
        try { RunAsync(folder).GetAwaiter().GetResult(); }
        finally { Directory.Delete(folder, recursive: true); }
        return 0;
    }

    private static async Task RunAsync(string folder)
    {
        await using var plain = await EdgeDatabase.OpenAsync(Path.Combine(folder, "plain.db"));
        await using var projecting = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = Path.Combine(folder, "projecting.db") }.AddProjection<Pieces>());
        await using var ordering = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = Path.Combine(folder, "ordering.db") }.AddProjection<LastPieces>());
        foreach (var db in (EdgeDatabase[])[plain, projecting, ordering])
            await db.Documents<Press>().EditAsync(s_ids[0], static press => press.Name = "press");
        List<double> document = [], both = [], bothProjected = [], bothOrdered = [], batch = [], batchProjected = [], batchOrdered = [];
        for (var round = 0; round < WarmUps + Rounds; round++)
        {
            var single = (Document: await EachAsync(plain, withEvent: false), Both: await EachAsync(plain, withEvent: true), Projected: await EachAsync(projecting, withEvent: true), Ordered: await EachAsync(ordering, withEvent: true));
            var many = (Plain: await BatchAsync(plain), Projected: await BatchAsync(projecting), Ordered: await BatchAsync(ordering));
            // The first rounds compile code and make statements.
            if (round < WarmUps) continue;
            document.Add(single.Document);
            both.Add(single.Both);
            bothProjected.Add(single.Projected);
            bothOrdered.Add(single.Ordered);
            batch.Add(many.Plain);
            batchProjected.Add(many.Projected);
            batchOrdered.Add(many.Ordered);
        }
        Show("a commit: one document", document, document);
        Show("a commit: one document and one event", both, document);
        Show("a commit: one document and one event, with a projection", bothProjected, both);
        Show("a commit: one document and one event, with an ordered projection", bothOrdered, both);
        Show("1,000 documents and events in one commit, each", batch, batch);
        Show("1,000 documents and events in one commit, each, with a projection", batchProjected, batch);
        Show("1,000 documents and events in one commit, each, with an ordered projection", batchOrdered, batch);

        await projecting.EditAsync(static change =>
        {
            for (var i = 0; i < Events; i++) change.Append(s_ids[i % Streams], new PressEvent.Made(1, "night"));
        });
        var start = Timing.Now;
        await projecting.RebuildProjectionAsync("pieces");
        var total = (await projecting.GetProjectionStatusAsync()).Count > 0 ? Timing.Now - start : 0;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a projection of more than {Events:#,0} events made anew: {total:#,0} ms"));
        await ComeLateAsync(ordering, folder);
    }

    /// <summary>What an event costs that belongs before others which an ordered projection has folded already.</summary>
    private static async Task ComeLateAsync(EdgeDatabase ordering, string folder)
    {
        await ordering.EditAsync(static change =>
        {
            for (var i = 0; i < Events; i++) change.Append(s_ids[i % Streams], new PressEvent.Made(1, "night"));
        });
        var copy = Path.Combine(folder, "copy.db");
        await ordering.BackupAsync(copy);
        foreach (var behind in (int[])[0, 10, 100, 1000, 4000, 10_000])
        {
            await using var other = await EdgeDatabase.OpenAsync(copy);
            await PushAsync(ordering, other);
            await other.Events<PressEvent>().AppendAsync(s_ids[0], new PressEvent.Made(1, "late"));
            for (var i = 0; i < behind; i += 10)
                await ordering.EditAsync(change => { for (var j = 0; j < 10; j++) change.Append(s_ids[j], new PressEvent.Made(1, "day")); });
            var start = Timing.Now;
            await PushAsync(other, ordering);
            await ordering.WhenProjectionsReadyAsync();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"an ordered projection of more than {Events:#,0} events; one comes late, before {behind:#,0}: {Timing.Now - start:#,0.0} ms"));
        }
    }

    private static async Task PushAsync(EdgeDatabase source, EdgeDatabase target)
    {
        var (from, to) = (new DatabaseSyncLog(await source.OpenedAsync(default)), new DatabaseSyncLog(await target.OpenedAsync(default)));
        await from.SyncAsync(default);
        var known = new VersionVector();
        foreach (var end in (await to.SyncAsync(default)).Ends) known.Include(end.Last);
        var (changes, _) = await from.ReadAsync(new(known, -1, int.MaxValue), default);
        await to.ApplyAsync(new(), [.. changes.Select(static change => change.ToReceived())], default);
    }

    private static async Task<double> EachAsync(EdgeDatabase db, bool withEvent)
    {
        var opened = await db.OpenedAsync(default);
        return await opened.Writer.RunAloneAsync(replica =>
        {
            var start = Timing.Now;
            for (var i = 0; i < Commits; i++)
            {
                replica.Begin();
                replica.Edit(draft => Write(draft, i, withEvent));
                replica.Commit();
            }
            return (Timing.Now - start) * 1000 / Commits;
        });
    }

    private static async Task<double> BatchAsync(EdgeDatabase db)
    {
        const int Count = 1000;
        var opened = await db.OpenedAsync(default);
        return await opened.Writer.RunAloneAsync(replica =>
        {
            var start = Timing.Now;
            replica.Begin();
            for (var i = 0; i < Count; i++)
                replica.Edit(draft => Write(draft, i, withEvent: true));
            replica.Commit();
            return (Timing.Now - start) * 1000 / Count;
        });
    }

    private static void Write(ChangeDraft draft, int i, bool withEvent)
    {
        var builder = new ChangeBuilder(draft, static () => default);
        builder.Document<Press>(s_ids[i % Streams]).Pieces.Add(1);
        if (withEvent) builder.Append(s_ids[i % Streams], new PressEvent.Made(1, i % 3 == 0 ? "night" : "day"));
    }

    private static void Show(string what, List<double> micros, List<double> floor)
    {
        micros.Sort();
        floor.Sort();
        var (own, beside) = (micros[micros.Count / 2], floor[floor.Count / 2]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {own:0.0} µs ({micros[0]:0.0} .. {micros[^1]:0.0}), {own / beside - 1:+0 %;-0 %} beside the one without"));
    }
}
