using System.Text;
using Edge.Sync.Crdts.Sequences;
using Edge.Sync.Tests.Crdts.Types;

namespace Edge.Sync.Tests.Documents.Types;

public sealed class StablePositionTests
{
    private static readonly StablePosition[] s_all =
    [
        default,
        new(new Anchor(default, false)),
        new(new Anchor(TestValues.A(1), true)),
        new(new Anchor(TestValues.B(255), false)),
        new(new Anchor(TestValues.C(Dot.CounterMax), true)),
    ];

    [Fact]
    public void Position_is_read_as_it_was_written()
    {
        foreach (var position in s_all)
        {
            Assert.Equal(position, StablePosition.FromBytes(position.ToByteArray()));
            Assert.Equal(position, StablePosition.Parse(position.ToString()));
            Assert.Equal(position.GetHashCode(), StablePosition.Parse(position.ToString()).GetHashCode());
            Assert.InRange(position.ToByteArray().Length, 1, StablePosition.BytesMax);
            Assert.Single(s_all, other => other == position);
        }
        Assert.Equal("00", Convert.ToHexString(default(StablePosition).ToByteArray()));
        Assert.Equal("01" + "02000000000000000000000000000000" + "FF", Convert.ToHexString(s_all[3].ToByteArray()));
        Assert.Equal("AA", default(StablePosition).ToString());
        Assert.Equal((PositionBias.Left, PositionBias.Right), (s_all[2].Bias, s_all[3].Bias));
    }

    [Fact]
    public void What_is_no_position_is_refused_and_each_position_has_one_form()
    {
        var random = new Random(1);
        foreach (var position in s_all)
        {
            var bytes = position.ToByteArray();
            for (var i = 0; i < 2000; i++)
            {
                var mutated = random.Next(3) == 0 ? bytes[..random.Next(bytes.Length)] : [.. bytes, .. new byte[random.Next(3)]];
                if (mutated.Length > 0) mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
                StablePosition read;
                try { read = StablePosition.FromBytes(mutated); }
                catch (EdgeDataException e)
                {
                    Assert.Equal("position", e.Field);
                    continue;
                }
                Assert.Equal(mutated, read.ToByteArray());
            }
        }
        foreach (var text in new[] { "", "A", "AB", "AA==", " AA", "AA ", "A*", new string('A', 40), "Ag" })
        {
            Assert.False(StablePosition.TryParse(text, out _), text);
            Assert.Throws<FormatException>(() => StablePosition.Parse(text));
        }
        Assert.False(StablePosition.TryParse(null, out _));
    }

    [Fact]
    public async Task Cursor_stays_beside_its_character_while_both_type()
    {
        await using var replicas = await TwoReplicas.StartAsync(plant => plant.Notes.Append("one three"));
        var cursor = StablePosition.Parse((await replicas.ReadAsync(replicas.Alice)).Notes.GetPosition(4, PositionBias.Right).ToString());
        var merged = await replicas.MergeAsync(plant => plant.Notes.Insert(0, "zero "), plant => plant.Notes.Insert(4, "two "));
        Assert.Equal("zero one two three", merged.Notes.Value);
        Assert.Equal("zero one two ".Length, merged.Notes.IndexOf(cursor));
        merged = await replicas.MergeAsync(plant => plant.Notes.Delete(9, 9));
        Assert.Equal(9, merged.Notes.IndexOf(cursor));
        Assert.Null(merged.Notes.IndexOf(s_all[2]));
    }

    [Fact]
    public async Task Runes_are_whole_characters_and_no_position_is_inside_one()
    {
        await using var replicas = await TwoReplicas.StartAsync(plant => plant.Notes.Append("a\U0001F600b"));
        var notes = (await replicas.ReadAsync(replicas.Bob)).Notes;
        var runes = new List<Rune>();
        foreach (var rune in notes.EnumerateRunes()) runes.Add(rune);
        Assert.Equal([new('a'), new(0x1F600), new('b')], runes);
        Assert.Throws<ArgumentOutOfRangeException>(() => notes.GetPosition(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => notes.GetPosition(5));
        Assert.Equal(3, notes.IndexOf(notes.GetPosition(3)));
    }
}
