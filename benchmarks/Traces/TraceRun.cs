using System.Diagnostics;
using Edge.Sync.Crdts;
using Edge.Sync.Crdts.Sequences;
using Edge.Sync.Crdts.Sequences.History;

namespace Edge.Sync.Benchmarks.Traces;

/// <summary>One pass over a trace: every figure once. Null where a figure does not exist for the kind of trace.</summary>
internal sealed class TraceRun
{
    private readonly Trace _trace;
    private readonly ReplicaId[] _ids;

    private TraceRun(Trace trace) => (_trace, _ids) = (trace, trace.Ids);

    /// <summary>Whether the text was the trace's at the end, each time.</summary>
    public bool Ok { get; private set; } = true;

    public double? FloorMs { get; private set; }
    public double? LocalMs { get; private set; }
    public double? LocalOneChangeMs { get; private set; }
    public double? LocalWithDeltasMs { get; private set; }
    public double? SimulateMs { get; private set; }
    public double? RemoteUsPerEdit { get; private set; }
    public double? DeltaBytes { get; private set; }
    public double? HistoryBytes { get; private set; }
    public double? HistoryEncodeMs { get; private set; }
    public double? HistoryDecodeMs { get; private set; }
    public double? StateBytes { get; private set; }
    public double? StateEncodeMs { get; private set; }
    public double? LoadMs { get; private set; }
    public double? LoadAndEditMs { get; private set; }
    public double? MergeOneByOneMs { get; private set; }
    public double? MergeBatchMs { get; private set; }

    /// <summary>Whether other orders of delivery gave the same bytes.</summary>
    public bool ConvergedAfterShuffle { get; private set; }

    public double? RetainedBytes { get; private set; }
    public double? EditedRetainedBytes { get; private set; }
    public double? AllocatedBytes { get; private set; }
    public double? CanonicalBytes { get; private set; }
    public double? CanonicalEncodeMs { get; private set; }
    public double? CanonicalLoadMs { get; private set; }
    public double? CanonicalLoadAndEditMs { get; private set; }

    public static TraceRun Of(Trace trace)
    {
        var run = new TraceRun(trace);
        var log = trace.IsConcurrent ? run.Simulate() : run.Local();
        var text = run.Remote(log);
        run.History(log);
        run.Stored(text);
        return run;
    }

    /// <summary>Uses the quick paths until the runtime has compiled them for good, which takes it about a second.</summary>
    public static void WarmUp(Trace trace)
    {
        Of(trace);
        var start = Stopwatch.GetTimestamp();
        for (var pass = 0; pass < 5 || Stopwatch.GetElapsedTime(start).TotalSeconds < 2; pass++)
        {
            var run = new TraceRun(trace);
            run.Remote(trace.IsConcurrent ? run.Simulate() : run.Local());
        }
    }

    private DeltaLog Local()
    {
        var patches = _trace.Transactions.SelectMany(t => t.Patches).ToArray();
        if (_trace.HasAstral) ToUtf16(patches);

        var floor = new GapBuffer();
        FloorMs = Timing.TimeAlone(() =>
        {
            foreach (ref readonly var patch in patches.AsSpan())
            {
                if (patch.Deleted > 0) floor.Delete(patch.Index, patch.Deleted);
                if (patch.Inserted.Length > 0) floor.Insert(patch.Index, patch.Inserted);
            }
        });
        Verify(floor.ToString());

        var replica = new TextReplica(_ids[0]);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        LocalMs = Timing.TimeAlone(() =>
        {
            foreach (ref readonly var patch in patches.AsSpan()) replica.Apply(patch, null);
        });
        AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Verify(replica.Text.ToString());

        var quick = new TextReplica(_ids[0]);
        LocalOneChangeMs = Timing.TimeAlone(() =>
        {
            foreach (ref readonly var patch in patches.AsSpan()) quick.ApplyAtOnce(patch, null);
        });
        Verify(quick.Text.ToString());

        var log = new DeltaLog(_ids);
        var writer = new TextReplica(_ids[0]);
        LocalWithDeltasMs = Timing.TimeAlone(() =>
        {
            foreach (ref readonly var patch in patches.AsSpan()) writer.ApplyAtOnce(patch, log);
        });
        return log;
    }

    /// <summary>One replica for each agent, which hears of a transaction's history before it makes it.</summary>
    private DeltaLog Simulate()
    {
        var histories = new TraceHistories(_trace);
        var log = new DeltaLog(_ids);
        var starts = new int[_trace.Transactions.Length + 1];
        var counts = new int[_ids.Length];
        var replicas = _ids.Select(id => new TextReplica(id)).ToArray();
        var isKnown = _ids.Select(_ => new bool[_trace.Transactions.Length]).ToArray();
        SimulateMs = Timing.TimeAlone(() =>
        {
            for (var i = 0; i < _trace.Transactions.Length; i++)
            {
                var transaction = _trace.Transactions[i];
                var replica = replicas[transaction.Agent];
                foreach (var missing in histories.MissingBefore(i, isKnown[transaction.Agent]))
                    log.ApplyTo(replica.Text, starts[missing], starts[missing + 1]);
                if (transaction.Patches.Length > 0) log.AddHeads(histories.HeadsOf(i, _ids));
                foreach (var patch in transaction.Patches)
                    replica.Apply(_trace.HasAstral ? ToUtf16(patch, replica.Text.ToString()) : patch, log);
                starts[i + 1] = log.Count;
                counts[transaction.Agent] += starts[i + 1] - starts[i];
                histories.Note(i, counts[transaction.Agent], isEmpty: starts[i + 1] == starts[i]);
            }
        });
        return log;
    }

    private TextState Remote(DeltaLog log)
    {
        DeltaBytes = (double)log.ByteCount / log.Count;
        var oneByOne = new TextState();
        MergeOneByOneMs = Timing.TimeAlone(() =>
        {
            log.ApplyTo(oneByOne, 0, log.Count);
            Verify(oneByOne.ToString());
        });
        RemoteUsPerEdit = MergeOneByOneMs * 1000 / log.Count;
        var batch = new TextState();
        MergeBatchMs = Timing.TimeAlone(() =>
        {
            log.ApplyAllTo(batch);
            Verify(batch.ToString());
        });
        var expected = TextFile.Of(oneByOne, isCompact: false).Bytes;
        ConvergedAfterShuffle = expected.AsSpan().SequenceEqual(TextFile.Of(batch, isCompact: false).Bytes)
            && expected.AsSpan().SequenceEqual(TextFile.Of(ShuffledDelivery.Deliver(log, seed: 1), isCompact: false).Bytes);
        return oneByOne;
    }

    private void History(DeltaLog log)
    {
        var deltas = Enumerable.Range(0, log.Count).Select(log.Decode).ToArray();
        TextFile file = default;
        HistoryEncodeMs = Timing.TimeAlone(() =>
        {
            var writer = new TextHistoryWriter();
            for (var i = 0; i < deltas.Length; i++) writer.Add(deltas[i], log.HeadsOf(i));
            file = TextFile.Of(writer);
        });
        HistoryBytes = file.Size;
        TextHistoryReader reader = null!;
        HistoryDecodeMs = Timing.TimeAlone(() =>
        {
            reader = file.ToHistory().Replay();
            while (reader.Next()) { }
        });
        Verify(reader.Text.ToString());
        // The same deltas in the same order, with the same heads.
        reader = file.ToHistory().Replay();
        for (var i = 0; i < log.Count; i++) Ok &= reader.Next() && log.IsAt(i, reader.Current) && reader.Heads.SequenceEqual(log.HeadsOf(i));
        Ok &= !reader.Next();
    }

    private void Stored(TextState text)
    {
        TextFile compact = default, canonical = default;
        CanonicalEncodeMs = Timing.Least(() => canonical = TextFile.Of(text, isCompact: false));
        StateEncodeMs = Timing.Time(() => compact = TextFile.Of(text, isCompact: true));
        (StateBytes, CanonicalBytes) = (compact.Size, canonical.Size);

        (LoadMs, LoadAndEditMs) = Load(compact);
        (CanonicalLoadMs, CanonicalLoadAndEditMs) = Load(canonical);
        RetainedBytes = Timing.Retained(() =>
        {
            var loaded = compact.ToText();
            Verify(loaded.ToString());
            return loaded;
        });
        EditedRetainedBytes = Timing.Retained(() =>
        {
            var loaded = compact.ToText();
            EditOnce(loaded);
            return loaded;
        });
    }

    private (double Load, double FirstEdit) Load(TextFile file)
    {
        var text = "";
        var load = Timing.Least(() => text = file.ToText().ToString());
        Verify(text);
        var edited = new TextState();
        var firstEdit = Timing.Least(() =>
        {
            edited = file.ToText();
            EditOnce(edited);
        });
        Ok &= edited.ToString() == _trace.EndContent.Insert(MiddleOf(edited.Length - 1), "x");
        return (load, firstEdit);
    }

    private void EditOnce(TextState text) => text.Join(text.Insert(new(new ReplicaId(7, 7), 1), MiddleOf(text.Length), "x"), default);

    /// <summary>The middle, but not that of a surrogate pair.</summary>
    private int MiddleOf(int length) => length > 0 && char.IsLowSurrogate(_trace.EndContent[length / 2]) ? length / 2 + 1 : length / 2;

    private void Verify(string text) => Ok &= text == _trace.EndContent;

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
}
