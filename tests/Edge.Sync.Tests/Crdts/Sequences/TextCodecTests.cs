using Edge.Sync.Causality;
using Edge.Sync.Crdts;
using Edge.Sync.Wire;

namespace Edge.Sync.Tests.Crdts.Sequences;

public sealed class TextCodecTests
{
    private static readonly ReplicaId s_alice = new(1, 0);
    private static readonly ReplicaId s_bob = new(2, 0);

    [Fact]
    public void Delta_round_trips_and_is_written_the_same_again()
    {
        var history = new TextHistory(5, 4, 2);
        history.Run(500, withModel: false);
        foreach (var edit in history.AllEdits)
        {
            var delta = TextHistory.Decode(edit);
            Assert.Equal(edit.Bytes, TextHistory.Encode(delta, out var table));
            Assert.Equal(edit.Table, table);
        }
    }

    [Theory]
    [InlineData("92 00 A1 61")]
    public void First_keystroke_has_these_bytes(string hex) => Assert.Equal(hex, Hex(new TextState().Insert(new(s_alice, 1), 0, "a")));

    [Fact]
    public void Deltas_have_these_bytes()
    {
        var text = new TextState();
        text.Join(text.Insert(new(s_alice, 1), 0, "abc"), default);
        // Typing goes on: right child of the author's last character, one dot back.
        Assert.Equal("92 01 A1 64", Hex(text.Insert(new(s_alice, 4), 3, "d")));
        // Between a and b: left child of b, two dots back.
        Assert.Equal("92 FE A1 78", Hex(text.Insert(new(s_alice, 4), 1, "x")));
        // Another author: replica number and counter.
        Assert.Equal("93 01 FE A1 78", Hex(text.Insert(new(s_bob, 1), 1, "x")));
        Assert.Equal("93 01 03 A2 78 79", Hex(text.Insert(new(s_bob, 1), 3, "xy")));
        Assert.Equal("91 93 00 02 01", Hex(text.Delete(new(s_alice, 4), 1, 2)));
        Assert.Equal("91 93 01 01 02", Hex(text.Delete(new(s_bob, 1), 0, 3)));
    }

    [Fact]
    public void Empty_text_round_trips()
    {
        var bytes = TextHistory.Encode(new TextState(), out var table);
        var text = TextHistory.DecodeState(bytes, table);
        text.Check();
        Assert.Equal("", text.ToString());
        Assert.Equal(bytes, TextHistory.Encode(text));
    }

    [Fact]
    public void Counters_at_the_end_of_a_feed_are_taken_and_those_beyond_refused()
    {
        var text = new TextState();
        text.Join(text.Insert(new(s_alice, Dot.CounterMax - 1), 0, "ab"), default);
        var stored = TextHistory.DecodeState(TextHistory.Encode(text, out var table), table);
        Assert.Equal("ab", stored.ToString());
        Assert.Throws<EdgeDataException>(() => Read(new(s_alice, Dot.CounterMax), "92 00 A2 61 62"));
    }

    [Theory]
    [InlineData("C0")]                       // nil
    [InlineData("90")]                       // no element
    [InlineData("94 00 00 00 00")]           // four elements
    [InlineData("92 00 A0")]                 // nothing is inserted
    [InlineData("92 00 A1")]                 // cut short
    [InlineData("92 00 A1 FF")]              // no UTF-8
    [InlineData("92 00 A3 ED A0 BD")]        // half a surrogate pair
    [InlineData("92 00 C0")]                 // no text
    [InlineData("92 05 A1 61")]              // before the feed begins
    [InlineData("92 D3 80 00 00 00 00 00 00 00 A1 61")]
    [InlineData("93 00 01 A1 61")]           // the author's own replica by number
    [InlineData("93 01 00 A1 61")]           // no counter
    [InlineData("93 02 01 A1 61")]           // no such replica
    [InlineData("93 01 CF FF FF FF FF FF FF FF FF A1 61")]
    [InlineData("91 90")]                    // nothing is deleted
    [InlineData("91 92 00 01")]              // a range cut short
    [InlineData("91 93 00 00 00")]           // counter 0
    [InlineData("91 93 00 01 CF 00 20 00 00 00 00 00 00")]
    [InlineData("91 96 00 05 00 00 01 00")]  // descending
    [InlineData("91 96 00 01 04 00 05 00")]  // overlapping
    [InlineData("91 96 01 01 00 00 01 00")]  // replicas descending
    [InlineData("91 DD 7F FF FF FF 00")]     // a count over the bytes left
    public void Malformed_delta_is_refused_with_field_and_offset(string hex)
    {
        var error = Assert.Throws<EdgeDataException>(() => Read(new(s_alice, 5), hex));
        Assert.StartsWith("text", error.Field, StringComparison.Ordinal);
        Assert.InRange(error.Offset, 0, hex.Length);
    }

    /// <summary>"ab" by one replica: one stretch of 2 from counter 1 by steps of 1; visible; one piece of 2 that ends a run; parent one place back.</summary>
    [Fact]
    public void State_has_these_bytes()
    {
        var text = new TextState();
        text.Join(text.Insert(new(s_alice, 1), 0, "ab"), default);
        Assert.Equal("93 91 00 C4 07 01 02 01 01 00 03 02 A2 61 62", BitConverter.ToString(TextHistory.Encode(text)).Replace('-', ' '));
    }

    [Theory]
    [InlineData("00")]                          // a replica that wrote nothing
    [InlineData("01 82 00 01 01 00 03 02")]     // a number in a longer form than needed
    [InlineData("01 00 01 01 00 03 02")]        // an empty stretch
    [InlineData("01 02 00 01 00 03 02")]        // counter 0
    [InlineData("01 02 01 00 00 03 02")]        // a step of 0
    [InlineData("01 02 FF FF FF FF FF FF FF 0F 01 00 03 02")] // beyond the end of a feed
    [InlineData("02 01 01 01 01 00 03 02")]     // two stretches that are one
    [InlineData("02 02 01 01 01 01 00 06 02")]  // a stretch that goes on the one before
    [InlineData("01 02 01 01 02 03 02")]        // neither deleted nor not
    [InlineData("01 02 01 01 00 06 02")]        // a piece longer than the text
    [InlineData("01 02 01 01 00 04 02")]        // deletion begins behind the end, without a run
    [InlineData("01 02 01 01 00 05 02")]        // ... and with one
    [InlineData("01 02 01 01 00 03 04")]        // a parent before the root
    [InlineData("01 02 01 01 00 03 03")]        // a left child of the root
    [InlineData("01 02 01 01 00 03 00 00")]     // its own parent
    [InlineData("01 02 01 01 00 03 00 02")]     // a parent behind the end
    [InlineData("01 02 01 01 00 03 00 01")]     // below itself
    [InlineData("01 02 01 01 00 00 00 02 02")]  // two runs that are one
    [InlineData("01 02 01 01 00 03 02 01")]     // a deleted pair that is not deleted
    [InlineData("01 02 01 01 00 03")]           // no parent
    [InlineData("01 02 01 01 00 03 82")]        // cut inside a number
    [InlineData("01 02 01 01 01 03 02")]        // deleted, but the text is there
    public void Malformed_structure_is_refused_with_field_and_offset(string hex)
    {
        var structure = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        byte[] bytes = [0x93, 0x91, 0x00, 0xC4, (byte)structure.Length, .. structure, 0xA2, (byte)'a', (byte)'b'];
        var error = Assert.Throws<EdgeDataException>(() => TextHistory.DecodeState(bytes, [s_alice]));
        Assert.StartsWith("text.", error.Field, StringComparison.Ordinal);
        Assert.InRange(error.Offset, 5, bytes.Length);
    }

    [Theory]
    [InlineData("93 92 00 00 C4 00 A0")]        // a replica twice
    [InlineData("93 92 01 00 C4 00 A0")]        // replicas descending
    [InlineData("94 90 C4 00 A0 00")]
    [InlineData("93 90 C4 00 A1 61")]           // text without runs
    [InlineData("93 90 C4 01 00 A0")]           // bytes behind the structure
    [InlineData("95 90 00 C4 01 06 00 C4 01 FF")] // no Brotli
    [InlineData("95 90 01 C4 01 06 00 C4 01 06")] // shorter than it says
    public void Malformed_state_is_refused_with_its_field(string hex)
    {
        var error = Assert.Throws<EdgeDataException>(() => TextHistory.DecodeState(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), [s_alice, s_bob]));
        Assert.StartsWith("text", error.Field, StringComparison.Ordinal);
    }

    [Fact]
    public void Mutated_deltas_are_refused_or_joined_and_never_break_the_state()
    {
        var random = new Random(1);
        for (var seed = 0; seed < 20; seed++)
        {
            var history = new TextHistory(seed, 3, 1);
            history.Run(60, withModel: false);
            history.DeliverAll(withModel: false);
            var text = history.Replicas[0].Text;
            foreach (var edit in history.AllEdits)
            {
                var bytes = Mutated(edit.Bytes, random);
                var before = TextHistory.Encode(text);
                try
                {
                    var reader = new WireReader(bytes, edit.Table);
                    var delta = TextDelta.Read(new(edit.First.Replica, edit.First.Counter + 10_000), ref reader);
                    text.Join(delta, default);
                }
                catch (EdgeDataException)
                {
                    Assert.Equal(before, TextHistory.Encode(text));
                }
                text.Check();
            }
        }
    }

    [Fact]
    public void Mutated_and_truncated_states_are_refused_or_are_sound()
    {
        var random = new Random(2);
        int refused = 0, read = 0;
        for (var seed = 0; seed < 30; seed++)
        {
            var history = new TextHistory(seed, 3, seed % 3);
            history.Run(40, withModel: false);
            history.DeliverAll(withModel: false);
            var bytes = TextHistory.Encode(history.Replicas[0].Text, out var table);
            for (var cut = 0; cut < bytes.Length; cut++)
                Assert.Throws<EdgeDataException>(() => TextHistory.DecodeState(bytes[..cut], table));
            for (var i = 0; i < 200; i++)
            {
                var mutated = Mutated(bytes, random);
                try
                {
                    var text = TextHistory.DecodeState(mutated, table);
                    text.Check();
                    // Built and written anew it has the same structure: there is one form of each.
                    Assert.Equal(StructureOf(mutated, table), StructureOf(TextHistory.Encode(text), table));
                    text.Join(text.Insert(new(new ReplicaId(9, 9), 1), 0, "x"), default);
                    text.Check();
                    read++;
                }
                catch (EdgeDataException e)
                {
                    Assert.StartsWith("text", e.Field, StringComparison.Ordinal);
                    refused++;
                }
            }
        }
        Assert.True(refused > 0 && read > 0);
    }

    [Fact]
    public void Compact_form_reads_as_the_same_state()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var history = new TextHistory(seed, 3, 1);
            history.Run(400, withModel: false);
            history.DeliverAll(withModel: false);
            var text = history.Replicas[0].Text;
            var bytes = TextHistory.EncodeCompact(text, out var table);
            var read = TextHistory.DecodeState(bytes, table);
            read.Check();
            Assert.Equal(TextHistory.Encode(text), TextHistory.Encode(read));
            for (var cut = 0; cut < bytes.Length; cut += 7) Assert.Throws<EdgeDataException>(() => TextHistory.DecodeState(bytes[..cut], table));
        }
    }

    [Fact]
    public void Compact_form_of_text_that_repeats_itself_is_not_compressed_beyond_what_a_reader_takes()
    {
        var text = new TextState();
        text.Join(text.Insert(new(s_alice, 1), 0, new string('x', 100_000)), default);
        var bytes = TextHistory.EncodeCompact(text, out var table);
        Assert.Equal(text.ToString(), TextHistory.DecodeState(bytes, table).ToString());
    }

    [Fact]
    public void Million_deleted_characters_cost_few_bytes_and_little_memory()
    {
        var text = new TextState();
        text.Join(text.Insert(new(s_alice, 1), 0, new string('x', 1_000_000)), default);
        text.Join(text.Delete(new(s_alice, 1_000_001), 0, 1_000_000), default);
        var bytes = TextHistory.Encode(text, out var table);
        Assert.InRange(bytes.Length, 1, 32);
        TextHistory.DecodeState(bytes, table).Check();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = TextHistory.DecodeState(bytes, table);
        read.Join(read.Insert(new(s_bob, 1), 0, "y"), default);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }

    [Fact]
    public void Refused_input_allocates_no_more_than_a_small_multiple_of_its_size()
    {
        // Counts that promise far more than the bytes hold.
        foreach (var hex in new[] { "93 91 00 C4 06 01 FF FF FF 1F 01 A0", "93 DD 7F FF FF FF", "93 91 00 C6 7F FF FF FF", "DD 7F FF FF FF", "93 90 C4 00 DB 7F FF FF FF", "95 90 CE 7F FF FF FF C4 01 00 00 C4 01 00" })
        {
            var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
            Assert.Throws<EdgeDataException>(() => TextHistory.DecodeState(bytes, [s_alice]));
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<EdgeDataException>(() => TextHistory.DecodeState(bytes, [s_alice]));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
        }
    }

    private static byte[] StructureOf(byte[] state, ReplicaId[] table)
    {
        var reader = new WireReader(state, table);
        reader.ReadArrayHeader("text", 3, exactly: true);
        reader.Skip("text.replicas");
        return reader.ReadBytes("text.structure");
    }

    private static TextDelta Read(Dot first, string hex)
    {
        var reader = new WireReader(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), [s_alice, s_bob]);
        return TextDelta.Read(first, ref reader);
    }

    private static string Hex(TextDelta delta) => BitConverter.ToString(TextHistory.Encode(delta, out _)).Replace('-', ' ');

    private static byte[] Mutated(byte[] bytes, Random random)
    {
        var mutated = bytes.ToList();
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var at = random.Next(mutated.Count);
            switch (random.Next(4))
            {
                case 0: mutated[at] = (byte)random.Next(256); break;
                case 1: mutated[at] = (byte)(mutated[at] + random.Next(-2, 3)); break;
                case 2: mutated.Insert(at, (byte)random.Next(256)); break;
                default:
                    if (mutated.Count > 1) mutated.RemoveAt(at);
                    break;
            }
        }
        return [.. mutated];
    }
}
