using Edge.Sync.Causality;
using Edge.Sync.Crdts;
using Edge.Sync.Wire;

namespace Edge.Sync.Benchmarks;

/// <summary>Marks on a long text, and what they cost who types.</summary>
internal static class RichTextCases
{
    private const int CharacterCount = 100_000;
    private const int MarkCount = 10_000;
    private const int KeystrokeCount = 100_000;

    private static readonly HybridTimestamp s_stamp = new(1);
    private static readonly ReplicaId s_id = new(1, 1);
    private static readonly string[] s_keys = ["bold", "italic", "link", "colour"];
    private static readonly ValueBytes s_value = new([0xC3]);

    public static double Marks() => CrdtCases.Time(() =>
    {
        var there = Filled();
        return Mark(Filled(), there) && there.MarkCount == MarkCount;
    });

    public static double Render()
    {
        var state = Filled();
        Mark(state, Filled());
        return CrdtCases.Time(() => state.Spans().Count > MarkCount / 2);
    }

    public static double RenderAfterEach()
    {
        var state = Filled();
        Mark(state, Filled());
        var (counter, count) = ((ulong)(CharacterCount + MarkCount), 0);
        return CrdtCases.Time(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                state.Join(state.Insert(new(s_id, ++counter), 50_000 + i, "x"), s_stamp);
                count += state.Spans().Count;
            }
            return count > 0;
        });
    }

    public static double PlainTyping() => Type(new TextState(), (s, dot, index) => s.Insert(dot, index, "x"), s => s.Insert(new(s_id, 1), 0, new string('a', CharacterCount)));

    public static double MarkedTyping() => Type(new RichTextState(), (s, dot, index) => s.Insert(dot, index, "x"), Begin, s => Mark(s, Filled()));

    /// <summary>Typing in the middle, elsewhere after each hundred keystrokes; each is made, joined, encoded, decoded and joined at a second replica.</summary>
    private static double Type<TState>(TState here, Func<TState, Dot, int, Delta> insert, Func<TState, Delta> begin, Action<TState>? prepare = null) where TState : CrdtState, new()
    {
        here.Join(begin(here), s_stamp);
        prepare?.Invoke(here);
        var there = Copy(here);
        ulong counter = CharacterCount + MarkCount;
        return CrdtCases.Time(() =>
        {
            var batch = new DeltaBatch([s_id]);
            for (var i = 0; i < KeystrokeCount; i++)
            {
                var delta = insert(here, new(s_id, ++counter), (i / 100 * 7919 % CharacterCount) + (i % 100));
                here.Join(delta, s_stamp);
                batch.Add(delta);
                batch.JoinInto(there, s_stamp, i);
            }
            return here.ToString() == there.ToString();
        });
    }

    private static RichTextState Filled()
    {
        var state = new RichTextState();
        state.Join(Begin(state), s_stamp);
        return state;
    }

    private static Delta Begin(RichTextState state) => state.Insert(new(s_id, 1), 0, new string('a', CharacterCount));

    private static bool Mark(RichTextState here, RichTextState there)
    {
        var random = new Random(1);
        var batch = new DeltaBatch([s_id]);
        for (var i = 0; i < MarkCount; i++)
        {
            var (dot, index, length, key) = (new Dot(s_id, CharacterCount + (ulong)i + 1), random.Next(CharacterCount - 100), random.Next(1, 100), s_keys[i % 4]);
            var delta = i % 5 == 0 ? here.Unmark(dot, index, length, key, MarkExpansion.After) : here.Mark(dot, index, length, key, s_value, i % 4 == 2 ? MarkExpansion.None : MarkExpansion.After);
            here.Join(delta, s_stamp);
            batch.Add(delta);
            batch.JoinInto(there, s_stamp, i);
        }
        return here.Spans().Count == there.Spans().Count;
    }

    private static TState Copy<TState>(TState state) where TState : CrdtState
    {
        var (output, table) = (new System.Buffers.ArrayBufferWriter<byte>(), new ReplicaTable());
        state.CollectReplicas(table);
        table.Sort();
        var writer = new WireWriter(output, table);
        state.Write(ref writer);
        writer.Flush();
        var reader = new WireReader(output.WrittenMemory, [.. table.Replicas]);
        return (TState)(CrdtState)CrdtState.Read(state.Kind, ref reader);
    }
}
