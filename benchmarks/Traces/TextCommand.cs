using System.Diagnostics;
using System.Globalization;
using Edge.Sync.Crdts;

namespace Edge.Sync.Benchmarks.Traces;

/// <summary>Cases that no trace has: many writers at one place, and random edits everywhere.</summary>
internal static class TextCommand
{
    public static int Run(string[] args)
    {
        var runs = args is ["--runs", var n] ? int.Parse(n, CultureInfo.InvariantCulture) : 7;
        foreach (var clients in new[] { 1_540, 15_400, 154_000 })
        {
            var log = OnePlace(clients);
            Report($"{clients:N0} clients insert at one place, one by one", runs, () =>
            {
                var text = new TextState();
                log.ApplyTo(text, 0, log.Count);
                return text;
            });
        }
        foreach (var count in new[] { 6_000, 60_000 })
        {
            var logs = TwoClients(count, deletions: true, out var texts);
            Report($"two clients, {count:N0} random inserts and deletes each: merge both ways", runs, () =>
            {
                var (a, b) = (texts(0), texts(1));
                var start = Stopwatch.GetTimestamp();
                logs[1].ApplyTo(a, 0, logs[1].Count);
                logs[0].ApplyTo(b, 0, logs[0].Count);
                var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                return a.ToString() == b.ToString() ? time : double.NaN;
            });
        }
        return 0;
    }

    private static DeltaLog OnePlace(int clients)
    {
        var random = new Random(1);
        var ids = Enumerable.Range(0, clients).Select(i => new ReplicaId((ulong)random.NextInt64(), (ulong)i)).ToArray();
        var log = new DeltaLog(ids);
        foreach (var id in ids) log.Add(new TextState().Insert(new(id, 1), 0, "hi "));
        return log;
    }

    private static DeltaLog[] TwoClients(int count, bool deletions, out Func<int, TextState> texts)
    {
        var random = new Random(2);
        ReplicaId[] ids = [new(1, 0), new(2, 0), new(3, 0)];
        var common = new DeltaLog(ids);
        new TextReplica(ids[2]).Apply(new(0, 0, new string('x', 100)), common);
        var logs = new DeltaLog[2];
        for (var i = 0; i < 2; i++)
        {
            var replica = new TextReplica(ids[i]);
            common.ApplyTo(replica.Text, 0, 1);
            logs[i] = new(ids);
            for (var n = 0; n < count; n++)
            {
                var index = random.Next(replica.Text.Length + 1);
                var deleted = deletions && random.Next(2) == 0 ? Math.Min(random.Next(1, 10), replica.Text.Length - index) : 0;
                replica.Apply(new(index, deleted, deleted > 0 ? "" : new string((char)('a' + random.Next(26)), random.Next(1, 10))), logs[i]);
            }
        }
        texts = number =>
        {
            var text = new TextState();
            common.ApplyTo(text, 0, 1);
            logs[number].ApplyTo(text, 0, logs[number].Count);
            return text;
        };
        return logs;
    }

    private static void Report(string name, int runs, Func<TextState> action) => Report(name, runs, () =>
    {
        var start = Stopwatch.GetTimestamp();
        GC.KeepAlive(action());
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    });

    private static void Report(string name, int runs, Func<double> action)
    {
        for (var i = 0; i < runs; i++) action();
        var times = new double[runs];
        for (var i = 0; i < runs; i++)
        {
            GC.Collect();
            times[i] = action();
        }
        Array.Sort(times);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {times[runs / 2]:0.00} ms ({times[0]:0.00} .. {times[^1]:0.00})"));
    }
}
