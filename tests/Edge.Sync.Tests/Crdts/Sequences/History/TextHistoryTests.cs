using Edge.Sync.Causality;
using Edge.Sync.Crdts;
using Edge.Sync.Crdts.Sequences.History;

namespace Edge.Sync.Tests.Crdts.Sequences.History;

public sealed class TextHistoryTests
{
    private static readonly ReplicaId s_alice = new(1, 0);
    private static readonly ReplicaId s_bob = new(2, 0);

    [Fact]
    public void Random_histories_give_the_same_deltas_again_and_the_text_of_every_version()
    {
        var count = 0;
        for (var seed = 0; seed < 150; seed++)
        {
            var recorded = RecordedHistory.Random(seed, 1 + seed % 5, 20 + seed);
            var history = RecordedHistory.Decode(recorded.Encode(out var table), table);
            Assert.Equal(recorded.Deltas.Count, history.Count);
            var (model, reader) = (new FugueModel(), history.Replay());
            foreach (var (delta, heads) in recorded.Deltas)
            {
                Assert.True(reader.Next(), $"seed {seed}");
                AssertSame(delta, reader.Current, seed);
                Assert.Equal(heads, reader.Heads);
                model.Join(delta);
                Assert.Equal(model.ToString(), reader.Text.ToString());
                count++;
            }
            Assert.False(reader.Next());
            reader.Text.Check();
        }
        Assert.True(count > 5_000, $"Only {count} deltas were compared.");
    }

    [Fact]
    public void Any_version_that_a_replica_was_at_is_rebuilt()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var recorded = RecordedHistory.Random(seed, 3, 80);
            var history = RecordedHistory.Decode(recorded.Encode(out var table), table);
            var random = new Random(seed);
            // The merge of the histories of a few deltas.
            var seen = new HashSet<int>();
            for (var i = 0; i < 2; i++) AddPast(recorded, random.Next(recorded.Deltas.Count), seen);
            var (version, model) = (new VersionVector(), new FugueModel());
            foreach (var index in seen.Order())
            {
                var delta = recorded.Deltas[index].Delta;
                version.Include(delta.DotCount > 0 ? delta.First.Plus((ulong)delta.DotCount - 1) : delta.First);
                model.Join(delta);
            }
            Assert.Equal(model.ToString(), history.At(version).ToString());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Typing_gives_the_same_deltas_again_in_a_fifth_of_their_bytes(int seed)
    {
        var recorded = RecordedHistory.Typed(seed, 4_000);
        var bytes = recorded.Encode(out var table);
        var history = RecordedHistory.Decode(bytes, table);
        var (reader, deltaBytes) = (history.Replay(), 0);
        var text = "";
        foreach (var (delta, _) in recorded.Deltas)
        {
            Assert.True(reader.Next());
            AssertSame(delta, reader.Current, seed);
            deltaBytes += TextHistory.Encode(delta, out _).Length;
            text = reader.Text.ToString();
        }
        Assert.False(reader.Next());
        Assert.True(bytes.Length * 5 < deltaBytes, $"{bytes.Length} bytes for deltas of {deltaBytes}, for a text of {text.Length}.");
    }

    [Fact]
    public void Any_number_of_deltas_from_the_first_on_can_be_had()
    {
        var recorded = RecordedHistory.Typed(4, 300);
        var history = RecordedHistory.Decode(recorded.Encode(out var table), table);
        var text = new TextState();
        for (var count = 0; count <= recorded.Deltas.Count; count++)
        {
            if (count > 0) text.Join(recorded.Deltas[count - 1].Delta, default);
            if (count % 7 == 0) Assert.Equal(text.ToString(), history.At(count).ToString());
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => history.At(history.Count + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => history.At(-1));
    }

    [Fact]
    public void References_to_what_others_had_deleted_are_kept()
    {
        var recorded = new RecordedHistory();
        var (alice, bob) = (new TextState(), new TextState());
        Add(alice, alice.Insert(new(s_alice, 1), 0, "abcdef"), []);
        bob.Join(recorded.Deltas[0].Delta, default);
        Add(alice, alice.Delete(new(s_alice, 7), 1, 4), []);
        // Bob has not heard of the deletion: he writes into what is no more, deletes it too, and some more.
        Add(bob, bob.Insert(new(s_bob, 1), 3, "X"), [new(s_alice, 1)]);
        Add(bob, bob.Insert(new(s_bob, 2), 5, "Y"), []);
        Add(bob, bob.Delete(new(s_bob, 3), 0, 4), []);
        foreach (var (delta, _) in recorded.Deltas.Skip(2)) alice.Join(delta, default);
        Add(alice, alice.Insert(new(s_alice, 8), 1, "!"), [new(s_bob, 3)]);

        var history = RecordedHistory.Decode(recorded.Encode(out var table), table);
        Assert.Equal([s_alice, s_bob], history.Replicas.ToArray());
        var reader = history.Replay();
        foreach (var (delta, heads) in recorded.Deltas)
        {
            Assert.True(reader.Next());
            AssertSame(delta, reader.Current, 0);
            Assert.Equal(heads, reader.Heads);
        }
        Assert.False(reader.Next());
        Assert.Equal(alice.ToString(), reader.Text.ToString());

        void Add(TextState author, TextDelta delta, HistoryHead[] heads)
        {
            recorded.Deltas.Add((delta, heads));
            author.Join(delta, default);
        }
    }

    [Fact]
    public void Deletions_in_other_ranges_than_ours_would_be_are_kept()
    {
        // Another implementation may cut its ranges as it likes.
        var recorded = new RecordedHistory();
        recorded.Deltas.Add((TextDelta.Insertion(new(s_alice, 1), default, false, "abcd"), []));
        recorded.Deltas.Add((TextDelta.Deletion(new(s_alice, 5), [new(new(s_alice, 1), 0), new(new(s_alice, 2), 1)]), []));
        recorded.Deltas.Add((TextDelta.Deletion(new(s_alice, 6), [new(new(s_alice, 1), 3)]), []));
        var history = RecordedHistory.Decode(recorded.Encode(out var table), table);
        var reader = history.Replay();
        foreach (var (delta, _) in recorded.Deltas)
        {
            Assert.True(reader.Next());
            AssertSame(delta, reader.Current, 0);
        }
        Assert.False(reader.Next());
        Assert.Equal("", reader.Text.ToString());
    }

    [Fact]
    public void Deltas_out_of_order_are_refused()
    {
        var history = new TextHistoryWriter();
        history.Add(TextDelta.Insertion(new(s_alice, 5), default, false, "ab"));
        Assert.Throws<ArgumentException>(() => history.Add(TextDelta.Insertion(new(s_alice, 6), new(s_alice, 5), false, "c")));
        Assert.Throws<ArgumentException>(() => history.Add(TextDelta.Insertion(new(s_bob, 1), default, false, "c"), [new(s_alice, 2)]));
        Assert.Throws<ArgumentException>(() => history.Add(TextDelta.Insertion(new(s_alice, 7), default, false, "c"), [new(s_alice, 1)]));
        Assert.Throws<EdgeDataException>(() => history.Add(TextDelta.Insertion(new(s_alice, 7), new(s_bob, 9), false, "c")));
    }

    private static void AssertSame(TextDelta expected, TextDelta actual, int seed)
    {
        Assert.Equal(expected.First, actual.First);
        Assert.True(TextHistory.Encode(expected, out var table).AsSpan().SequenceEqual(TextHistory.Encode(actual, out var other)), $"Delta {expected.First} of seed {seed} came out with other bytes.");
        Assert.Equal(table, other);
    }

    private static void AddPast(RecordedHistory recorded, int index, HashSet<int> seen)
    {
        var pending = new Stack<int>([index]);
        while (pending.TryPop(out var next))
        {
            if (!seen.Add(next)) continue;
            var (delta, heads) = recorded.Deltas[next];
            var own = Enumerable.Range(0, next).LastOrDefault(i => recorded.Deltas[i].Delta.First.Replica == delta.First.Replica, -1);
            if (own >= 0) pending.Push(own);
            foreach (var head in heads)
                pending.Push(Enumerable.Range(0, next).Where(i => recorded.Deltas[i].Delta.First.Replica == head.Replica).ElementAt(head.Count - 1));
        }
    }
}
