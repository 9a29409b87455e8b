using Edge.Sync.Causality;
using Edge.Sync.Crdts;
using Edge.Sync.Crdts.Sequences.History;

namespace Edge.Sync.Tests.Crdts.Sequences.History;

public sealed class TextHistoryCodecTests
{
    private static readonly ReplicaId s_alice = new(1, 0);
    private static readonly ReplicaId s_bob = new(2, 0);

    [Fact]
    public void Empty_history_has_these_bytes()
    {
        var bytes = RecordedHistory.Encode(new TextHistoryWriter(), out var table);
        Assert.Equal("97 01 90 00 00 C4 00 00 C4 00", Hex(bytes));
        var history = RecordedHistory.Decode(bytes, table);
        Assert.False(history.Replay().Next());
        Assert.Equal("", history.At(0).ToString());
    }

    /// <summary>All kinds of steps: typing, backspace, deletion, a jump, another author with a head, and references to what was deleted.</summary>
    [Fact]
    public void History_has_these_bytes()
    {
        var bytes = Sample().Encode(out var table);
        Assert.Equal([s_alice, s_bob], table);
        Assert.Equal("97 01 92 00 01 09 0B C4 1A FF FB F9 7F F3 0B 94 89 0D 39 12 2F 2F 55 4D 8A F8 C6 BE ED 24 E2 A8 78 A0 36 09 C4 09 61 62 63 F0 9F 98 80 64 65", Hex(bytes));
        Assert.Equal(9, RecordedHistory.Decode(bytes, table).Count);
    }

    [Fact]
    public void Steps_that_take_next_to_nothing_are_filled_up_and_read()
    {
        // A bot that types a letter and deletes it: the coder learns that within a few bytes, and a replay still takes memory for each step.
        var (recorded, text) = (new RecordedHistory(), new TextState());
        for (var i = 0UL; i < 4_000; i++)
        {
            Add(text.Insert(new(s_alice, i + 1), 0, "a"));
            Add(text.Delete(new(s_alice, i + 2), 0, 1));
        }
        var bytes = recorded.Encode(out var table);
        // The letters are stored as they are: Brotli would gain more than a reader believes.
        Assert.InRange(bytes.Length, 8_000 / 4 + 4_000, 8_000 / 4 + 4_000 + 100);
        var reader = RecordedHistory.Decode(bytes, table).Replay();
        foreach (var (delta, _) in recorded.Deltas)
        {
            Assert.True(reader.Next());
            Assert.Equal((delta.First, delta.Text), (reader.Current.First, reader.Current.Text));
        }
        Assert.False(reader.Next());

        void Add(TextDelta delta)
        {
            recorded.Deltas.Add((delta, []));
            text.Join(delta, default);
        }
    }

    [Theory]
    [InlineData("C0")]                                   // nil
    [InlineData("96 01 90 00 00 C4 00 00")]              // six elements
    [InlineData("97 02 90 00 00 C4 00 00 C4 00")]        // a later version
    [InlineData("97 01 92 00 00 00 00 C4 00 00 C4 00")]  // a replica twice
    [InlineData("97 01 91 05 00 00 C4 00 00 C4 00")]     // no such replica
    [InlineData("97 01 90 FF 00 C4 00 00 C4 00")]        // less than no deltas
    [InlineData("97 01 90 00 01 C4 00 00 C4 00")]        // parts without a byte
    [InlineData("97 01 90 00 00 C4 00 41 C4 01 61")]     // 65 bytes in one
    [InlineData("97 01 90 00 00 C4 00 01 C4 02 61 61")]  // unpacks to fewer
    [InlineData("97 01 90 00 00 C4 00 01 C4 01 FF")]     // no UTF-8
    [InlineData("97 01 90 00 00 C4 00 02 C4 01 61")]     // no Brotli
    [InlineData("97 01 90 00 00 C4 01")]                 // cut short
    [InlineData("97 01 90 00 00 C4 00 00 C4 00 00")]     // a byte too many
    public void Malformed_history_is_refused_with_field_and_offset(string hex)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var error = Assert.Throws<EdgeDataException>(() => RecordedHistory.Decode(bytes, [s_alice]));
        Assert.StartsWith("history", error.Field, StringComparison.Ordinal);
        Assert.InRange(error.Offset, 0, bytes.Length);
    }

    [Theory]
    [InlineData("97 01 90 00 00 C4 01 00 00 C4 00")]     // a byte of steps that nobody needs
    [InlineData("97 01 90 00 00 C4 00 01 C4 01 61")]     // characters that nobody inserts
    [InlineData("97 01 91 00 00 00 C4 00 00 C4 00")]     // a replica that wrote nothing
    [InlineData("97 01 91 00 01 00 C4 00 00 C4 00")]     // a delta without steps
    [InlineData("97 01 91 00 01 01 C4 01 00 00 C4 00")]  // an insertion without characters
    [InlineData("97 01 90 01 01 C4 01 00 00 C4 00")]     // a delta without an author
    public void Damage_that_only_a_replay_sees_is_refused_with_field_and_offset(string hex)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var history = RecordedHistory.Decode(bytes, [s_alice]);
        var error = Assert.Throws<EdgeDataException>(() => Replay(history.Replay()));
        Assert.Equal("history.steps", error.Field);
        Assert.InRange(error.Offset, 0, bytes.Length);
    }

    [Fact]
    public void Any_cut_is_refused()
    {
        var bytes = RecordedHistory.Random(7, 3, 60).Encode(out var table);
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<EdgeDataException>(() => Replay(RecordedHistory.Decode(bytes[..length], table).Replay()));
    }

    [Fact]
    public void Damaged_histories_are_refused_or_are_another_history()
    {
        var samples = new[] { Sample(), RecordedHistory.Random(1, 3, 60), RecordedHistory.Random(2, 2, 30), RecordedHistory.Typed(3, 200) }
            .Select(recorded => (Bytes: recorded.Encode(out var table), Table: table)).ToArray();
        var (refused, taken) = (0, 0);
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var (sample, table) = samples[seed % samples.Length];
            byte[] bytes = [.. sample];
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                var at = random.Next(bytes.Length);
                bytes[at] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => (byte)(bytes[at] ^ (1 << random.Next(8))), _ => (byte)(bytes[at] + 1) };
            }
            try
            {
                var reader = RecordedHistory.Decode(bytes, table).Replay();
                Replay(reader);
                reader.Text.Check();
                taken++;
            }
            catch (EdgeDataException e)
            {
                Assert.True(e.Offset >= 0 && e.Offset <= bytes.Length && e.Field.StartsWith("history", StringComparison.Ordinal), $"seed {seed}: {e.Message}");
                refused++;
            }
        }
        TestContext.Current.SendDiagnosticMessage($"{refused} refused, {taken} taken");
        Assert.True(refused > 10 * taken && taken > 0, $"{refused} refused, {taken} taken");
    }

    private static void Replay(TextHistoryReader reader)
    {
        while (reader.Next()) { }
    }

    private static RecordedHistory Sample()
    {
        var recorded = new RecordedHistory();
        var (alice, bob) = (new TextState(), new TextState());
        Add(alice, alice.Insert(new(s_alice, 1), 0, "ab"), []);
        Add(alice, alice.Insert(new(s_alice, 3), 2, "c"), []);
        Add(alice, alice.Insert(new(s_alice, 4), 3, "\U0001F600"), []);
        foreach (var (delta, _) in recorded.Deltas) bob.Join(delta, default);
        Add(alice, alice.Delete(new(s_alice, 6), 2, 1), []);
        Add(alice, alice.Delete(new(s_alice, 7), 1, 1), []);
        Add(alice, alice.Insert(new(s_alice, 8), 0, "d"), []);
        Add(bob, bob.Insert(new(s_bob, 1), 2, "e"), [new(s_alice, 3)]);
        Add(bob, bob.Delete(new(s_bob, 2), 1, 3), []);
        Add(bob, bob.Delete(new(s_bob, 3), 0, 1), []);
        return recorded;

        void Add(TextState author, TextDelta delta, HistoryHead[] heads)
        {
            recorded.Deltas.Add((delta, heads));
            author.Join(delta, default);
        }
    }

    private static string Hex(byte[] bytes) => BitConverter.ToString(bytes).Replace('-', ' ');
}
