using System.Buffers;
using Edge.Sync.Causality;
using Edge.Sync.Crdts;
using Edge.Sync.Wire;

namespace Edge.Sync.Tests.Crdts.Sequences;

/// <summary>Whole texts and fragments of them, beside the deltas that they stand for.</summary>
public sealed class TextJoinTests
{
    private static readonly ReplicaId s_alice = new(1, 0);
    private static readonly ReplicaId s_bob = new(2, 0);
    private static readonly CausalContext s_nothing = new(new());

    /// <summary>Found by the laws, seed 117 of maps of maps of text: once stored, equal steps of counters may end with the first half of a pair.</summary>
    [Fact]
    public void Removal_of_a_key_takes_a_surrogate_pair_whole_where_a_stretch_of_steps_ends_inside_it()
    {
        ReplicaId alice = new(1, 0);
        var text = new TextState();
        text.Join(text.Insert(new(alice, 3), 0, "a"), default);
        text.Join(text.Insert(new(alice, 7), 1, "b"), default);
        text.Join(text.Insert(new(alice, 11), 2, "😀"), default);
        var stored = Copy(text);
        var seen = new VersionVector();
        seen.Include(new(alice, 13));
        stored.Reset(seen, new(alice, 14));
        stored.Check();
        Assert.Equal("", stored.ToString());

        // What had seen only a part of the pair, which nobody honest does, leaves it whole.
        stored = Copy(text);
        var part = new VersionVector();
        part.Include(new(alice, 11));
        stored.Reset(part, new(alice, 14));
        stored.Check();
        Assert.Equal("😀", stored.ToString());
    }

    [Fact]
    public void Random_histories_that_meet_by_states_and_fragments_equal_those_that_meet_by_deltas()
    {
        for (var seed = 1; seed <= 150; seed++)
        {
            var history = new TextHistory(seed, 2 + (seed % 5), seed % 3);
            history.Run(150, withModel: false);
            foreach (var replica in history.Replicas)
                foreach (var peer in history.Replicas)
                {
                    var expected = TextHistory.Encode(JoinedByDeltas(history, replica, peer));
                    // Both read from bytes: there, parents may come after their children.
                    var (byState, byFragment) = (Copy(replica.Text), Copy(replica.Text));
                    byState.Join(seed % 2 == 0 ? Copy(peer.Text) : peer.Text, s_nothing, s_nothing);
                    byFragment.Join(Fragment(peer.Text, VersionOf(history, replica)), s_nothing, s_nothing);
                    byState.Check();
                    byFragment.Check();
                    Assert.True(expected.AsSpan().SequenceEqual(TextHistory.Encode(byState)), $"The states of seed {seed} join to something else.");
                    Assert.True(expected.AsSpan().SequenceEqual(TextHistory.Encode(byFragment)), $"The fragments of seed {seed} join to something else.");
                }
        }
    }

    [Fact]
    public void Fragment_holds_what_the_peer_lacks_and_little_else()
    {
        var (text, peer) = (new TextState(), new VersionVector());
        for (var i = 0; i < 2000; i++) text.Join(text.Insert(new(s_alice, (ulong)i + 1), i / 2, "x"), default);
        peer.Include(new(s_alice, 2000));
        text.Join(text.Insert(new(s_bob, 1), 700, "new"), default);
        text.Join(text.Delete(default, 10, 1), default);
        Assert.InRange(Encode((TextFragment)text.Unseen(peer, []), out _).Length, 20, 40);
    }

    [Fact]
    public void State_that_joins_into_an_empty_one_is_read_back_the_same()
    {
        var text = new TextState();
        text.Join(text.Insert(new(s_alice, 1), 0, "a\U0001F600b"), default);
        text.Join(text.Delete(default, 1, 2), default);
        var joined = new TextState();
        joined.Join(text, s_nothing, s_nothing);
        Assert.Equal(TextHistory.Encode(text), TextHistory.Encode(joined));
        Assert.Equal("ab", joined.ToString());
    }

    [Fact]
    public void Mutated_fragments_are_refused_or_joined_and_never_break_the_state()
    {
        var random = new Random(3);
        int refused = 0, joined = 0;
        for (var seed = 0; seed < 40; seed++)
        {
            var history = new TextHistory(seed, 3, seed % 2);
            history.Run(80, withModel: false);
            var (replica, peer) = (history.Replicas[0], history.Replicas[1]);
            var bytes = Encode((TextFragment)peer.Text.Unseen(VersionOf(history, replica), []), out var table);
            var before = TextHistory.Encode(replica.Text, out var named);
            for (var i = 0; i < 150; i++)
            {
                var mutated = bytes.ToArray();
                for (var n = random.Next(1, 4); n > 0; n--) mutated[random.Next(mutated.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)random.Next(4);
                var victim = TextHistory.DecodeState(before, named);
                try
                {
                    victim.Join(Decode(mutated, table), s_nothing, s_nothing);
                    joined++;
                }
                catch (EdgeDataException e)
                {
                    Assert.StartsWith("text", e.Field, StringComparison.Ordinal);
                    Assert.Equal(before, TextHistory.Encode(victim));
                    refused++;
                }
                victim.Check();
            }
        }
        Assert.True(refused > 0 && joined > 0);
    }

    [Fact]
    public void Fragment_of_another_text_is_refused_and_changes_nothing()
    {
        var (text, other, peer) = (new TextState(), new TextState(), new VersionVector());
        text.Join(text.Insert(new(s_alice, 1), 0, "a\U0001F600"), default);
        other.Join(other.Insert(new(s_alice, 1), 0, "abcdef"), default);
        other.Join(other.Insert(new(s_bob, 1), 2, "x"), default);
        peer.Include(new(s_alice, 6));
        var before = TextHistory.Encode(text);
        // Beside the second half of a pair, which is the first of nothing in the other text.
        Assert.Throws<EdgeDataException>(() => text.Join(other.Unseen(peer, []), s_nothing, s_nothing));
        other.Join(other.Delete(default, 0, 2), default);
        Assert.Throws<EdgeDataException>(() => text.Join(Fragment(other, peer), s_nothing, s_nothing));
        Assert.Throws<EdgeDataException>(() => text.Join(other, s_nothing, s_nothing));
        Assert.Equal(before, TextHistory.Encode(text));
    }

    private static TextState JoinedByDeltas(TextHistory history, TextHistory.Replica replica, TextHistory.Replica peer)
    {
        var text = Copy(replica.Text);
        var seen = replica.Seen.ToArray();
        for (var moved = true; moved;)
        {
            moved = false;
            for (var author = 0; author < seen.Length; author++)
            {
                if (seen[author] >= peer.Seen[author]) continue;
                var edit = history.Edits[author][seen[author]];
                if (edit.Seen.Where((count, i) => count > seen[i]).Any()) continue;
                text.Join(TextHistory.Decode(edit), default);
                seen[author]++;
                moved = true;
            }
        }
        return text;
    }

    private static VersionVector VersionOf(TextHistory history, TextHistory.Replica replica)
    {
        var version = new VersionVector();
        for (var author = 0; author < replica.Seen.Length; author++)
            foreach (var edit in history.Edits[author].Take(replica.Seen[author]))
                version.Include(edit.First.Plus((ulong)Math.Max(0, TextHistory.Decode(edit).DotCount - 1)));
        return version;
    }

    private static TextState Copy(TextState text) => TextHistory.DecodeState(TextHistory.Encode(text, out var table), table);

    private static TextFragment Fragment(TextState text, VersionVector peer) => Decode(Encode((TextFragment)text.Unseen(peer, []), out var table), table);

    private static byte[] Encode(TextFragment fragment, out ReplicaId[] table)
    {
        var replicas = new ReplicaTable();
        fragment.CollectReplicas(replicas);
        replicas.Sort();
        var output = new ArrayBufferWriter<byte>();
        var writer = new WireWriter(output, replicas);
        fragment.Write(ref writer);
        writer.Flush();
        table = [.. replicas.Replicas];
        return output.WrittenSpan.ToArray();
    }

    private static TextFragment Decode(byte[] bytes, ReplicaId[] table)
    {
        var reader = new WireReader(bytes, table);
        var fragment = TextFragment.Read(ref reader);
        reader.ReadEnd("text.fragment");
        return fragment;
    }
}
