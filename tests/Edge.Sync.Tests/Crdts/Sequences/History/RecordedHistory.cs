using System.Buffers;
using Edge.Sync.Causality;
using Edge.Sync.Crdts;
using Edge.Sync.Crdts.Sequences.History;
using Edge.Sync.Wire;
using StoredHistory = Edge.Sync.Crdts.Sequences.History.TextHistory;

namespace Edge.Sync.Tests.Crdts.Sequences.History;

/// <summary>Deltas in a causal order, with what their authors had newly heard of.</summary>
internal sealed class RecordedHistory
{
    private static readonly string[] s_words = ["of ", "the ", "merge ", "replica ", "é", "\U0001F600", "a\U0001F468\u200D\U0001F469b", ".\n"];

    public List<(TextDelta Delta, HistoryHead[] Heads)> Deltas { get; } = [];

    /// <summary>Several replicas that edit at random and hear of each other now and then; listed in an order that a replica might have got them in.</summary>
    public static RecordedHistory Random(int seed, int replicas, int steps)
    {
        var source = new TextHistory(seed, replicas, counterGapMax: seed % 3);
        source.Run(steps, withModel: false);
        var recorded = new RecordedHistory();
        var random = new Random(seed);
        var next = new int[replicas];
        while (true)
        {
            var ready = Enumerable.Range(0, replicas).Where(r => next[r] < source.Edits[r].Count && source.Edits[r][next[r]].Seen.Zip(next).All(p => p.First <= p.Second)).ToArray();
            if (ready.Length == 0) return recorded;
            var author = ready[random.Next(ready.Length)];
            // Authors come in stretches, as they do in a log.
            do
            {
                var edit = source.Edits[author][next[author]];
                var before = next[author] > 0 ? source.Edits[author][next[author] - 1].Seen : new int[replicas];
                var heads = Enumerable.Range(0, replicas).Where(r => r != author && edit.Seen[r] > before[r]).Select(r => new HistoryHead(source.Replicas[r].Id, edit.Seen[r]));
                recorded.Deltas.Add((TextHistory.Decode(edit), [.. heads]));
                next[author]++;
            }
            while (random.Next(4) > 0 && next[author] < source.Edits[author].Count && source.Edits[author][next[author]].Seen.Zip(next).All(p => p.First <= p.Second));
        }
    }

    /// <summary>One author who types, corrects, jumps and pastes; a change of two dots for each key.</summary>
    public static RecordedHistory Typed(int seed, int steps)
    {
        var (random, recorded, text, counter, cursor) = (new Random(seed), new RecordedHistory(), new TextState(), 1UL, 0);
        var id = new ReplicaId((ulong)seed, 1);
        while (recorded.Deltas.Count < steps)
        {
            if (random.Next(8) == 0) cursor = Boundary(random.Next(text.Length + 1));
            switch (random.Next(6))
            {
                case 0:
                    for (var i = random.Next(1, 9); i > 0 && cursor > 0; i--)
                    {
                        var start = Boundary(cursor - 1);
                        Add(text.Delete(new(id, counter), start, cursor - start));
                        cursor = start;
                    }
                    break;
                case 1:
                    for (var i = random.Next(1, 6); i > 0 && cursor < text.Length; i--)
                        Add(text.Delete(new(id, counter), cursor, char.IsHighSurrogate(text.ToString()[cursor]) ? 2 : 1));
                    break;
                case 2:
                    var pasted = string.Concat(s_words[random.Next(s_words.Length)], s_words[random.Next(s_words.Length)]);
                    Add(text.Insert(new(id, counter), cursor, pasted));
                    cursor += pasted.Length;
                    break;
                default:
                    foreach (var rune in s_words[random.Next(s_words.Length)].EnumerateRunes())
                    {
                        Add(text.Insert(new(id, counter), cursor, rune.ToString()));
                        cursor += rune.Utf16SequenceLength;
                    }
                    break;
            }
        }
        return recorded;

        void Add(TextDelta delta)
        {
            recorded.Deltas.Add((delta, []));
            text.Join(delta, default);
            counter += (ulong)delta.DotCount + 1;
        }

        int Boundary(int index) => index > 0 && index < text.Length && char.IsLowSurrogate(text.ToString()[index]) ? index - 1 : index;
    }

    public byte[] Encode(out ReplicaId[] table)
    {
        var history = new TextHistoryWriter();
        foreach (var (delta, heads) in Deltas) history.Add(delta, heads);
        return Encode(history, out table);
    }

    public static byte[] Encode(TextHistoryWriter history, out ReplicaId[] table)
    {
        var replicas = new ReplicaTable();
        var output = new ArrayBufferWriter<byte>();
        var writer = new WireWriter(output, replicas);
        history.Write(ref writer);
        writer.Flush();
        table = [.. replicas.Replicas];
        return output.WrittenSpan.ToArray();
    }

    public static StoredHistory Decode(byte[] bytes, ReplicaId[] table)
    {
        var reader = new WireReader(bytes, table);
        var history = StoredHistory.Read(ref reader);
        reader.ReadEnd("history");
        return history;
    }
}
