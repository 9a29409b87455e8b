using Edge.Sync.Log;
using Edge.Sync.Log.Records;
using Edge.Sync.Projections;
using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Rejecting;

/// <summary>What is accepted, kept as counters, beside a model that walks the graph of changes for each question.</summary>
public class AcceptedChangesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Counters_say_the_same_as_a_walk_over_the_graph(int seed)
    {
        using var folder = new TempFolder();
        var random = new Random(seed);
        var databases = new EdgeDatabase[3];
        for (var i = 0; i < databases.Length; i++) databases[i] = await EdgeDatabase.OpenAsync(folder[$"{i}.db"], Token);
        var (accepted, open) = (0, 0);
        for (var step = 0; step < 60; step++)
        {
            var one = databases[random.Next(3)];
            switch (random.Next(6))
            {
                case < 3: await one.Documents<Job>().EditAsync(DocumentId.Named("pump-7"), job => job.Minutes.Add(1), Token); break;
                case 3: await one.AcceptAsync(cancellationToken: Token); break;
                default:
                    if (databases[random.Next(3)] is var other && other != one) await Exchange.PushAsync(one, other);
                    break;
            }
            if (step % 5 == 4) await CompareAsync(one);
        }
        Assert.True(accepted > 50 && open > 50, $"seed {seed}: {accepted} accepted, {open} not");
        foreach (var db in databases) await db.DisposeAsync();

        async Task CompareAsync(EdgeDatabase db)
        {
            var replica = (await db.OpenedAsync(Token)).Replica;
            var changes = (await Exchange.ReadAllAsync(db)).ConvertAll(static stored => Change.ParseStored(stored.Bytes));
            foreach (var owner in databases)
            {
                var by = await owner.GetReplicaIdAsync(Token);
                var past = PastOf(changes.Where(change => change.Header.Replica == by && IsAcceptance(change)), changes);
                foreach (var dot in changes.Select(static change => change.Header.Last))
                {
                    Assert.True(past.Contains(dot) == replica.IsAccepted(dot, by), $"seed {seed}: {dot} by {by}");
                    if (past.Contains(dot)) accepted++;
                    else open++;
                }
            }
            foreach (var dot in changes.Select(static change => change.Header.Last))
            {
                var others = PastOf(changes.Where(change => change.Header.Replica != dot.Replica && IsAcceptance(change)), changes);
                Assert.True(others.Contains(dot) == replica.IsAccepted(dot), $"seed {seed}: {dot} by any other");
            }
        }
    }

    private static bool IsAcceptance(Change change) => DocumentFold.ReadRecords(change, out _)?.Exists(static record => record is AcceptRecord) == true;

    /// <summary>All that some changes follow.</summary>
    private static HashSet<Dot> PastOf(IEnumerable<Change> changes, List<Change> all)
    {
        var byLast = all.ToDictionary(static change => change.Header.Last);
        var past = new HashSet<Dot>();
        var left = new Stack<Change>(changes);
        while (left.TryPop(out var change))
            foreach (var dot in change.Header.Dependencies.Append(change.Before))
                if (dot.Counter > 0 && past.Add(dot)) left.Push(byLast[dot]);
        return past;
    }
}
