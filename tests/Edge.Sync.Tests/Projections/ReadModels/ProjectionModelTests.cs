using Edge.Sync.Tests.Database;
using Edge.Sync.Tests.Events;

namespace Edge.Sync.Tests.Projections.ReadModels;

/// <summary>Projections over random histories of several replicas against a slow fold of what the streams say.</summary>
public class ProjectionModelTests
{
    private static readonly DocumentId[] s_streams = [DocumentId.Named("a"), DocumentId.Named("b"), DocumentId.Named("c")];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Tables_equal_a_slow_fold_at_every_step_and_on_every_replica(int seed)
    {
        using var folder = new TempFolder();
        var random = new Random(seed);
        var options = Enumerable.Range(0, 3).Select(i => new EdgeDatabaseOptions { Path = folder[$"{i}.db"] }.AddProjection<Costs>().AddProjection<Sequences>().AddProjection<Tally>()).ToArray();
        var replicas = new List<EdgeDatabase>();
        foreach (var one in options) replicas.Add(await EdgeDatabase.OpenAsync(one));
        for (var step = 0; step < 80; step++)
        {
            var i = random.Next(3);
            switch (random.Next(20))
            {
                case < 8: await replicas[i].Events<Ticked>().AppendAsync(s_streams[random.Next(3)], new(step)); break;
                case < 12: await replicas[i].Events<JobEvent>().AppendAsync(s_streams[random.Next(3)], new JobEvent.Closed(random.Next(100), "abc"[random.Next(3)..][..1])); break;
                case < 18: await Exchange.PushAsync(replicas[random.Next(3)], replicas[i]); break;
                case 18 when step > 60 && random.Next(3) == 0: await replicas[i].PurgeAsync(random.Next(2) == 0 ? "ticked" : "job-event", s_streams[2]); break;
                default:
                    await replicas[i].DisposeAsync();
                    replicas[i] = await EdgeDatabase.OpenAsync(options[i]);
                    break;
            }
            await AssertEqualAsync(replicas[i], $"seed {seed}, step {step}");
        }
        foreach (var (from, to) in from a in Enumerable.Range(0, 3) from b in Enumerable.Range(0, 3) where a != b select (a, b)) await Exchange.PushAsync(replicas[from], replicas[to]);
        foreach (var (from, to) in from a in Enumerable.Range(0, 3) from b in Enumerable.Range(0, 3) where a != b select (a, b)) { await Exchange.PushAsync(replicas[from], replicas[to]); await AssertEqualAsync(replicas[to], $"seed {seed}, {from} to {to}"); }
        foreach (var table in (string[])["job_costs", "sequences", "tally"])
        {
            var rows = await AppProjectionTests.RowsAsync(replicas[0], table);
            foreach (var other in replicas.Skip(1)) Assert.Equal(rows, await AppProjectionTests.RowsAsync(other, table));
        }
        foreach (var db in replicas)
        {
            await AssertEqualAsync(db, $"seed {seed}, end");
            await db.DisposeAsync();
        }
    }

    private static int NumberOf<T>(ReadOnlyMemory<byte> value) where T : class, IEdgeEvent<T> => ((Ticked)(object)T.Schema.Decode(value)!).Number;

    private static async Task AssertEqualAsync(EdgeDatabase db, string where)
    {
        var costs = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var sequences = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var tally = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var item in await EventStreamTests.ReadAllAsync(db.Events<JobEvent>()))
            if (item.Event is JobEvent.Closed closed)
            {
                costs[closed.By] = costs.GetValueOrDefault(closed.By) + closed.Minutes;
                tally["Closed"] = tally.GetValueOrDefault("Closed") + 1;
            }
        foreach (var stream in s_streams)
            foreach (var item in await db.Events<Ticked>().ReadAsync(stream))
            {
                sequences[stream.ToString()] = sequences.TryGetValue(stream.ToString(), out var numbers) ? $"{numbers} {item.Event!.Number}" : $"{item.Event!.Number}";
                tally["Ticked"] = tally.GetValueOrDefault("Ticked") + 1;
            }
        Assert.True(costs.Select(static row => $"{row.Key} {row.Value}").SequenceEqual(await AppProjectionTests.RowsAsync(db, "job_costs")), where);
        Assert.True(tally.Select(static row => $"{row.Key} {row.Value}").SequenceEqual(await AppProjectionTests.RowsAsync(db, "tally")), where);
        var opened = await db.OpenedAsync(default);
        var all = await opened.Writer.RunAloneAsync(replica => s_streams.SelectMany(stream => replica.Store.ReadEvents(new("ticked", stream))).ToList());
        all.Sort(static (a, b) => a.CompareOrder(b));
        if (all.Count > 0) sequences["all"] = string.Join(' ', all.Select(static item => NumberOf<Ticked>(item.Value)));
        var actual = await AppProjectionTests.RowsAsync(db, "sequences");
        Assert.True(sequences.Select(static row => $"{row.Key} {row.Value}").SequenceEqual(actual), $"{where}: {string.Join(" | ", sequences)} and {string.Join(" | ", actual)}");
    }
}
