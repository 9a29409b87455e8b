using Edge.Sync.Causality;
using Edge.Sync.Crdts;

namespace Edge.Sync.Tests.Crdts.Sequences;

public sealed class TextStateTests
{
    private static readonly ReplicaId s_alice = new(1, 0);
    private static readonly ReplicaId s_bob = new(2, 0);
    private static readonly ReplicaId s_carol = new(3, 0);

    [Fact]
    public void Edit_is_not_there_before_its_delta_is_joined()
    {
        var text = new TextState();
        var delta = text.Insert(new(s_alice, 1), 0, "abc");
        Assert.Equal("", text.ToString());
        text.Join(delta, default);
        Assert.Equal("abc", text.ToString());
        Assert.Equal(3, text.Length);
        Assert.Equal(3, delta.DotCount);
        var deletion = text.Delete(new(s_alice, 4), 1, 1);
        Assert.Equal("abc", text.ToString());
        Assert.Equal(0, deletion.DotCount);
        text.Join(deletion, default);
        Assert.Equal("ac", text.ToString());
    }

    [Theory]
    [InlineData(1, 2, 3)]
    [InlineData(3, 2, 1)]
    [InlineData(2, 3, 1)]
    public void Concurrent_runs_stand_one_after_the_other_whole(ulong a, ulong b, ulong c)
    {
        ReplicaId[] ids = [new(a, 0), new(b, 0), new(c, 0)];
        string[] words = ["the quick ", "brown fox ", "jumps over "];
        var history = new List<TextDelta>();
        foreach (var (id, word) in ids.Zip(words))
        {
            var text = new TextState();
            for (var i = 0; i < word.Length; i++)
                history.Add(Joined(text, text.Insert(new(id, (ulong)i + 1), i, word.AsSpan(i, 1))));
        }
        var merged = new TextState();
        // One keystroke of each in turn.
        for (var i = 0; i < words.Max(w => w.Length); i++)
            foreach (var delta in history.Where(d => d.First.Counter == (ulong)i + 1)) merged.Join(delta, default);
        Assert.All(words, word => Assert.Contains(word, merged.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Concurrent_runs_typed_backwards_do_not_interleave()
    {
        var texts = new[] { s_alice, s_bob, s_carol }.Select(id =>
        {
            var text = new TextState();
            var deltas = new List<TextDelta>();
            for (var i = 0; i < 5; i++) deltas.Add(Joined(text, text.Insert(new(id, (ulong)i + 1), 0, ((char)('a' + 5 * (int)(id == s_alice ? 0 : id == s_bob ? 1 : 2) + 4 - i)).ToString())));
            return deltas;
        }).ToList();
        var merged = new TextState();
        for (var i = 0; i < 5; i++)
            foreach (var deltas in texts) merged.Join(deltas[i], default);
        Assert.All(new[] { "abcde", "fghij", "klmno" }, word => Assert.Contains(word, merged.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Retyped_first_letter_stays_with_its_word()
    {
        var alice = new TextState();
        var bob = new TextState();
        var common = Joined(alice, alice.Insert(new(s_carol, 1), 0, "> "));
        bob.Join(common, default);
        var edits = new List<TextDelta>
        {
            Joined(alice, alice.Insert(new(s_alice, 1), 2, "the")),
            Joined(alice, alice.Delete(new(s_alice, 4), 2, 1)),
            Joined(alice, alice.Insert(new(s_alice, 4), 2, "T")),
            Joined(bob, bob.Insert(new(s_bob, 1), 2, "yz")),
        };
        bob.Join(edits[0], default);
        bob.Join(edits[1], default);
        bob.Join(edits[2], default);
        alice.Join(edits[3], default);
        Assert.Equal(alice.ToString(), bob.ToString());
        Assert.Contains("The", alice.ToString(), StringComparison.Ordinal);
        Assert.Contains("yz", alice.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_typed_into_a_concurrently_deleted_paragraph_stays()
    {
        var alice = new TextState();
        var bob = new TextState();
        bob.Join(Joined(alice, alice.Insert(new(s_alice, 1), 0, "one two three")), default);
        var deletion = Joined(alice, alice.Delete(new(s_alice, 14), 0, 13));
        var insertion = Joined(bob, bob.Insert(new(s_bob, 1), 7, "!"));
        alice.Join(insertion, default);
        bob.Join(deletion, default);
        Assert.Equal("!", alice.ToString());
        Assert.Equal("!", bob.ToString());
    }

    [Fact]
    public void Delta_names_only_characters_that_are_visible_to_its_author()
    {
        var history = new TextHistory(11, 3, 1);
        for (var i = 0; i < 400; i++)
        {
            var before = history.Replicas.Select(r => r.Model.ToString().Length).ToArray();
            var visible = history.Replicas.Select((r, n) => Enumerable.Range(0, before[n]).Select(r.Model.DotAt).ToHashSet()).ToArray();
            var edits = history.Edits.Select(e => e.Count).ToArray();
            history.Run(1);
            for (var n = 0; n < 3; n++)
            {
                if (history.Edits[n].Count == edits[n]) continue;
                var delta = TextHistory.Decode(history.Edits[n][^1]);
                if (delta.Text.Length > 0) Assert.True(delta.Parent == default || visible[n].Contains(delta.Parent));
                foreach (var range in delta.Deleted)
                {
                    Assert.Contains(range.First, visible[n]);
                    Assert.Contains(range.First.Plus(range.Extent), visible[n]);
                }
            }
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void Index_outside_of_the_text_is_refused(int index)
    {
        var text = new TextState();
        Joined(text, text.Insert(new(s_alice, 1), 0, "abc"));
        Assert.Throws<ArgumentOutOfRangeException>(() => text.Insert(new(s_alice, 4), index, "x"));
        Assert.Throws<ArgumentOutOfRangeException>(() => text.Delete(new(s_alice, 4), index, 1));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 4)]
    [InlineData(2, 2)]
    [InlineData(1, int.MaxValue)]
    public void Range_that_is_empty_or_leaves_the_text_is_refused(int index, int count)
    {
        var text = new TextState();
        Joined(text, text.Insert(new(s_alice, 1), 0, "abc"));
        Assert.Throws<ArgumentOutOfRangeException>(() => text.Delete(new(s_alice, 4), index, count));
        Assert.Equal("abc", text.ToString());
    }

    [Fact]
    public void Edit_that_would_cut_a_surrogate_pair_is_refused_and_says_what_to_do()
    {
        var text = new TextState();
        Joined(text, text.Insert(new(s_alice, 1), 0, "a\U0001F600b"));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => text.Insert(new(s_alice, 5), 2, "x"));
        Assert.Contains("before or after the pair", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => text.Delete(new(s_alice, 5), 0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => text.Delete(new(s_alice, 5), 2, 2));
        Joined(text, text.Delete(new(s_alice, 5), 1, 2));
        Assert.Equal("ab", text.ToString());
    }

    [Fact]
    public void Text_that_is_empty_or_holds_half_a_pair_is_refused()
    {
        var text = new TextState();
        // Not as attributes: the compiler writes those as UTF-8, which has no halves.
        foreach (var inserted in new[] { "", "\uD83D", "\uDE00", "a\uD83Db", "\uDE00\uD83D", "\U0001F600\uD83D" })
            Assert.Throws<ArgumentException>(() => text.Insert(new(s_alice, 1), 0, inserted));
        Assert.Equal(4, text.Insert(new(s_alice, 1), 0, "a\U0001F600b").DotCount);
    }

    [Fact]
    public void Reference_into_a_surrogate_pair_is_refused_even_once_the_pair_is_deleted()
    {
        var text = new TextState();
        Joined(text, text.Insert(new(s_alice, 1), 0, "a\U0001F600b"));
        var hostile = new[]
        {
            TextDelta.Insertion(new(s_bob, 1), new(s_alice, 2), false, "x"),
            TextDelta.Insertion(new(s_bob, 1), new(s_alice, 3), true, "x"),
            TextDelta.Deletion(new(s_bob, 1), [new(new(s_alice, 1), 1)]),
            TextDelta.Deletion(new(s_bob, 1), [new(new(s_alice, 3), 1)]),
        };
        foreach (var delta in hostile) Assert.Throws<EdgeDataException>(() => text.Join(delta, default));
        Joined(text, text.Delete(new(s_alice, 5), 1, 2));
        foreach (var delta in hostile) Assert.Throws<EdgeDataException>(() => text.Join(delta, default));
        var stored = TextHistory.DecodeState(TextHistory.Encode(text, out var table), table);
        foreach (var delta in hostile) Assert.Throws<EdgeDataException>(() => stored.Join(delta, default));
        Assert.Equal("ab", stored.ToString());
        stored.Check();
    }

    [Fact]
    public void Reference_to_an_unknown_dot_is_refused_and_changes_nothing()
    {
        var text = new TextState();
        Joined(text, text.Insert(new(s_alice, 1), 0, "abc"));
        var bytes = TextHistory.Encode(text);
        foreach (var delta in new[]
        {
            TextDelta.Insertion(new(s_bob, 1), new(s_alice, 4), false, "x"),
            TextDelta.Insertion(new(s_bob, 5), new(s_bob, 1), false, "x"),
            TextDelta.Insertion(new(s_alice, 4), new(s_carol, 1), true, "x"),
            TextDelta.Insertion(new(s_alice, 3), new(s_alice, 1), false, "xy"),
            TextDelta.Deletion(new(s_bob, 1), [new(new(s_alice, 1), 0), new(new(s_alice, 3), 1)]),
            TextDelta.Deletion(new(s_bob, 1), [new(new(s_alice, 2), Dot.CounterMax - 2)]),
            TextDelta.Deletion(new(s_bob, 1), [new(new(s_carol, 2), 0)]),
        })
        {
            var error = Assert.Throws<EdgeDataException>(() => text.Join(delta, default));
            Assert.StartsWith("text.", error.Field, StringComparison.Ordinal);
            Assert.Equal(bytes, TextHistory.Encode(text));
        }
        text.Check();
    }

    [Fact]
    public void Dot_that_was_used_before_is_refused()
    {
        var text = new TextState();
        text.InsertAndJoin(new(s_alice, 5), 0, "abc");
        Assert.Throws<ArgumentException>(() => { text.InsertAndJoin(new(s_alice, 7), 0, "x"); });
        Assert.Equal("abc", text.ToString());
        text.Check();
    }

    [Fact]
    public void Edits_of_a_loaded_text_keep_off_its_surrogate_pairs()
    {
        var text = new TextState();
        Joined(text, text.Insert(new(s_alice, 1), 0, "a\U0001F600b"));
        var loaded = TextHistory.DecodeState(TextHistory.Encode(text, out var table), table);
        Assert.Throws<ArgumentOutOfRangeException>(() => loaded.Insert(new(s_bob, 1), 2, "x"));
        Assert.Throws<ArgumentOutOfRangeException>(() => { loaded.DeleteAndJoin(new(s_bob, 1), 0, 2); });
        Joined(loaded, loaded.Insert(new(s_bob, 1), 3, "x"));
        Assert.Equal("a\U0001F600xb", loaded.ToString());
        loaded.Check();
    }

    [Fact]
    public void Many_writers_at_one_place_end_in_one_order_however_they_arrive()
    {
        var deltas = new List<TextDelta>();
        var random = new Random(3);
        for (var i = 0; i < 3000; i++)
            deltas.Add(new TextState().Insert(new(new ReplicaId((ulong)random.NextInt64(), (ulong)i), 1), 0, $"{i} "));
        byte[]? bytes = null;
        for (var order = 0; order < 3; order++)
        {
            var text = new TextState();
            foreach (var delta in deltas) text.Join(delta, default);
            text.Check();
            bytes ??= TextHistory.Encode(text);
            Assert.Equal(bytes, TextHistory.Encode(text));
            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(deltas));
        }
    }

    [Fact]
    public void Typing_in_changes_of_two_dots_each_is_stored_as_one_run()
    {
        var text = new TextState();
        for (var i = 0; i < 5000; i++) Joined(text, text.Insert(new(s_alice, (ulong)i * 2 + 1), i, "x"));
        Joined(text, text.Delete(new(s_alice, 20_000), 0, 4000));
        Assert.Equal(1, text.Delete(new(s_alice, 20_000), 0, 1000).Deleted.Length);
        Assert.InRange(TextHistory.Encode(text).Length, 1000, 1100);
    }

    private static TextDelta Joined(TextState text, TextDelta delta)
    {
        text.Join(delta, default);
        return delta;
    }
}
