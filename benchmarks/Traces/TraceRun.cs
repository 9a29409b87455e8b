using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Edge.Sync.Benchmarks.Traces;

/// <summary>One pass over a trace: every figure once. Null where a figure does not exist for the kind of trace.</summary>
internal sealed class TraceRun
{
    public bool Ok { get; private set; } = true;
    public double? LocalMs { get; private set; }
    public double? LocalOneChangeMs { get; private set; }
    public double? LocalWithDeltasMs { get; private set; }
    public double? SimulateMs { get; private set; }
    public double? RemoteUsPerEdit { get; private set; }
    public double? DeltaBytes { get; private set; }
    public double? StateBytes { get; private set; }
    public double? CompactMs { get; private set; }
    public double? CanonicalBytes { get; private set; }
    public double? EncodeMs { get; private set; }
    public double? CanonicalLoadMs { get; private set; }
    public double? CanonicalFirstEditMs { get; private set; }
    public double? EditedRetainedBytes { get; private set; }
    public double? LoadMs { get; private set; }
    public double? FirstEditMs { get; private set; }
    public double? MergeMs { get; private set; }
    public double? RetainedBytes { get; private set; }
    public double? AllocatedBytes { get; private set; }

    public static TraceRun Of(Trace trace)
    {
        var run = new TraceRun();
        if (trace.IsConcurrent) run.Concurrent(trace);
        else run.Sequential(trace);
        return run;
    }

    private void Sequential(Trace trace)
    {
        var ids = Ids(trace);
        var patches = trace.Transactions.SelectMany(t => t.Patches).ToArray();
        if (trace.HasAstral) ToUtf16(patches);

        Collect();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var replica = new TextReplica(ids[0]);
        LocalMs = Time(() =>
        {
            foreach (ref readonly var patch in patches.AsSpan()) replica.Apply(patch, null);
        });
        AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Verify(replica.Text.ToString() == trace.EndContent);

        Collect();
        var quick = new TextReplica(ids[0]);
        LocalOneChangeMs = Time(() =>
        {
            foreach (ref readonly var patch in patches.AsSpan()) quick.ApplyAtOnce(patch, null);
        });
        Verify(quick.Text.ToString() == trace.EndContent);

        Collect();
        var log = new DeltaLog(ids);
        var writer = new TextReplica(ids[0]);
        LocalWithDeltasMs = Time(() =>
        {
            foreach (ref readonly var patch in patches.AsSpan()) writer.ApplyAtOnce(patch, log);
        });
        Remote(trace, log);
        Stored(trace, writer.Text);
    }

    private void Concurrent(Trace trace)
    {
        var ids = Ids(trace);
        var histories = new TraceHistories(trace);
        Collect();
        var log = new DeltaLog(ids);
        var starts = new int[trace.Transactions.Length + 1];
        var replicas = ids.Select(id => new TextReplica(id)).ToArray();
        var isKnown = ids.Select(_ => new bool[trace.Transactions.Length]).ToArray();
        SimulateMs = Time(() =>
        {
            for (var i = 0; i < trace.Transactions.Length; i++)
            {
                var transaction = trace.Transactions[i];
                var replica = replicas[transaction.Agent];
                foreach (var missing in histories.MissingBefore(i, isKnown[transaction.Agent]))
                    log.ApplyTo(replica.Text, starts[missing], starts[missing + 1]);
                foreach (var patch in transaction.Patches)
                    replica.Apply(trace.HasAstral ? ToUtf16(patch, replica.Text.ToString()) : patch, log);
                starts[i + 1] = log.Deltas.Count;
            }
        });
        Remote(trace, log);
        Collect();
        var merged = new Crdts.TextState();
        MergeMs = Time(() =>
        {
            log.ApplyTo(merged, 0, log.Deltas.Count);
            _ = merged.ToString();
        });
        Stored(trace, merged);
    }

    private void Remote(Trace trace, DeltaLog log)
    {
        DeltaBytes = (double)log.ByteCount / log.Deltas.Count;
        Collect();
        var text = new Crdts.TextState();
        RemoteUsPerEdit = Time(() => log.ApplyTo(text, 0, log.Deltas.Count)) * 1000 / log.Deltas.Count;
        Verify(text.ToString() == trace.EndContent);
    }

    private void Stored(Trace trace, Crdts.TextState text)
    {
        byte[] compact = [], bytes = [];
        ReplicaId[] replicas = [];
        EncodeMs = Least(() => (bytes, replicas) = TextFile.Write(text, isCompact: false));
        CompactMs = Time(() => (compact, replicas) = TextFile.Write(text, isCompact: true));
        (StateBytes, CanonicalBytes) = (compact.Length, bytes.Length);

        (LoadMs, FirstEditMs) = Load(trace, compact, replicas);
        (CanonicalLoadMs, CanonicalFirstEditMs) = Load(trace, bytes, replicas);
        RetainedBytes = Retained(() =>
        {
            var loaded = TextFile.Read(compact, replicas);
            Verify(loaded.ToString().Length == loaded.Length);
            return loaded;
        });
        EditedRetainedBytes = Retained(() =>
        {
            var loaded = TextFile.Read(compact, replicas);
            loaded.Join(loaded.Insert(new(new ReplicaId(7, 7), 1), loaded.Length / 2, "x"), default);
            return loaded;
        });
    }

    /// <summary>The least of several, within one pass: the collector and other processes only ever add to such short times.</summary>
    private (double Load, double FirstEdit) Load(Trace trace, byte[] bytes, ReplicaId[] replicas)
    {
        var text = "";
        var load = Least(() => text = TextFile.Read(bytes, replicas).ToString());
        Verify(text == trace.EndContent);
        var edited = new Crdts.TextState();
        var firstEdit = Least(() =>
        {
            edited = TextFile.Read(bytes, replicas);
            edited.Join(edited.Insert(new(new ReplicaId(7, 7), 1), edited.Length / 2, "x"), default);
        });
        Verify(edited.ToString().Remove(trace.EndContent.Length / 2, 1) == trace.EndContent);
        return (load, firstEdit);
    }

    /// <summary>The middle of three: what the collector had left over from before goes at any time, and would be counted against what is held.</summary>
    private static double Retained(Func<object> load)
    {
        var held = new double[3];
        foreach (ref var bytes in held.AsSpan()) bytes = RetainedOnce(load);
        Array.Sort(held);
        return held[1];
    }

    /// <summary>A method of its own: what a loop's variable held in the round before would stay alive and be counted.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double RetainedOnce(Func<object> load)
    {
        Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var loaded = load();
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(loaded);
        return after - before;
    }

    private void Verify(bool isRight) => Ok &= isRight;

    private static ReplicaId[] Ids(Trace trace) => [.. Enumerable.Range(0, trace.AgentCount).Select(i => new ReplicaId(0x9E3779B97F4A7C15 * (ulong)(i + 1), (ulong)i))];

    private static void ToUtf16(Patch[] patches)
    {
        var text = "";
        foreach (ref var patch in patches.AsSpan())
        {
            patch = ToUtf16(patch, text);
            text = string.Concat(text.AsSpan(0, patch.Index), patch.Inserted, text.AsSpan(patch.Index + patch.Deleted));
        }
    }

    private static Patch ToUtf16(in Patch patch, string text)
    {
        var index = Trace.ToUtf16(text, patch.Index);
        return new(index, Trace.ToUtf16(text.AsSpan(index), patch.Deleted), patch.Inserted);
    }

    private static double Time(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Least(Action action)
    {
        var least = double.MaxValue;
        for (var i = 0; i < 10; i++) least = Math.Min(least, Time(action));
        return least;
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
