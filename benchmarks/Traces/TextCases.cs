using Edge.Sync.Causality;
using Edge.Sync.Crdts;
using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Benchmarks.Traces;

/// <summary>Cases that no trace has: many writers at one place, and random edits everywhere.</summary>
internal static class TextCases
{
    public static bool Run(int runs)
    {
        var isRight = true;
        foreach (var clients in new[] { 1_540, 20_000, 154_000 })
        {
            var log = OnePlace(clients);
            isRight &= MicroCommand.Report($"text: {clients:N0} clients insert at one place, one by one", runs, () => Merge(log, text => log.ApplyTo(text, 0, log.Count)));
            isRight &= MicroCommand.Report($"text: {clients:N0} clients insert at one place, as a batch", runs, () => Merge(log, log.ApplyAllTo));
        }
        foreach (var count in new[] { 6_000, 60_000 })
        {
            var logs = TwoClients(count, out var texts, out var floor);
            isRight &= MicroCommand.Report($"floor: gap buffer, {count:N0} random inserts and deletes, twice", runs, () => floor(0) + floor(1));
            isRight &= MicroCommand.Report($"text: two clients, {count:N0} random inserts and deletes each: merge both ways", runs, () => MergeBothWays(logs, texts));
        }
        return isRight;
    }

    private static double Merge(DeltaLog log, Action<TextState> apply)
    {
        var text = new TextState();
        var time = Timing.Time(() => apply(text));
        return text.Length == log.Count * 3 ? time : double.NaN;
    }

    /// <summary>All edits of each client, as one message each, are decoded and joined at the other: both together are measured.</summary>
    private static double MergeBothWays(DeltaLog[] logs, Func<int, TextState> texts)
    {
        var (a, b) = (texts(0), texts(1));
        var start = Timing.Now;
        logs[1].ApplyAllTo(a);
        logs[0].ApplyAllTo(b);
        var time = Timing.Now - start;
        return a.ToString() == b.ToString() ? time : double.NaN;
    }

    private static DeltaLog OnePlace(int clients)
    {
        var random = new Random(1);
        var ids = Enumerable.Range(0, clients).Select(i => new ReplicaId((ulong)random.NextInt64(), (ulong)i)).ToArray();
        var log = new DeltaLog(ids);
        foreach (var id in ids) log.Add(new TextState().Insert(new(id, 1), 0, "hi "));
        return log;
    }

    private static DeltaLog[] TwoClients(int count, out Func<int, TextState> texts, out Func<int, double> floor)
    {
        var random = new Random(2);
        ReplicaId[] ids = [new(1, 0), new(2, 0), new(3, 0)];
        var common = new DeltaLog(ids);
        new TextReplica(ids[2]).Apply(new(0, 0, new string('x', 100)), common);
        var logs = new DeltaLog[2];
        var patches = new Patch[2][];
        for (var i = 0; i < 2; i++)
        {
            var replica = new TextReplica(ids[i]);
            common.ApplyTo(replica.Text, 0, 1);
            logs[i] = new(ids);
            patches[i] = new Patch[count];
            for (var n = 0; n < count; n++)
            {
                var index = random.Next(replica.Text.Length + 1);
                var deleted = random.Next(2) == 0 ? Math.Min(random.Next(1, 10), replica.Text.Length - index) : 0;
                patches[i][n] = new(index, deleted, deleted > 0 ? "" : new string((char)('a' + random.Next(26)), random.Next(1, 10)));
                replica.Apply(patches[i][n], logs[i]);
            }
        }
        texts = number =>
        {
            var text = new TextState();
            common.ApplyTo(text, 0, 1);
            logs[number].ApplyTo(text, 0, logs[number].Count);
            return text;
        };
        floor = number =>
        {
            var text = new GapBuffer();
            text.Insert(0, new string('x', 100));
            return Timing.Time(() =>
            {
                foreach (ref readonly var patch in patches[number].AsSpan())
                {
                    if (patch.Deleted > 0) text.Delete(patch.Index, patch.Deleted);
                    if (patch.Inserted.Length > 0) text.Insert(patch.Index, patch.Inserted);
                }
            });
        };
        return logs;
    }
}
