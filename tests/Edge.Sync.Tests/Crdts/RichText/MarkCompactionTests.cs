using Edge.Sync.Crdts;
using Edge.Sync.Tests.Crdts.Laws;
using Edge.Sync.Tests.Crdts.Types;
using static Edge.Sync.Tests.Crdts.Types.TestValues;

namespace Edge.Sync.Tests.Crdts.RichText;

public sealed class MarkCompactionTests
{
    private readonly RichTextState _state = new();
    private ulong _counter;

    [Fact]
    public void Mark_that_later_ones_cover_together_is_dropped()
    {
        Begin("abcdef");
        Mark(1, 4);
        Mark(0, 3);
        Mark(3, 3);
        AssertCompacts(to: 2);
    }

    [Fact]
    public void Mark_of_which_a_place_is_left_between_two_later_ones_stays()
    {
        Begin("abcdef");
        Mark(1, 4);
        Mark(0, 3, MarkExpansion.None);
        Mark(3, 3, MarkExpansion.None);
        AssertCompacts(to: 3);
        Join(_state.Insert(Next(1), 3, "-"));
        Assert.Equal("[abc-def|bold=01]", RichTextModel.Describe(_state));
    }

    [Fact]
    public void Mark_under_another_key_covers_nothing()
    {
        Begin("abc");
        Mark(0, 3);
        Join(_state.Mark(Next(1), 0, 3, "italic", V(1), MarkExpansion.After));
        AssertCompacts(to: 2);
    }

    [Fact]
    public void Removal_goes_with_what_it_removed_but_the_last_mark_of_all_stays()
    {
        Begin("abcdef");
        Mark(1, 2);
        Unmark(0, 6);
        Unmark(2, 2);
        AssertCompacts(to: 1);
        Mark(0, 6);
        AssertCompacts(to: 1);
    }

    [Fact]
    public void Removal_from_the_middle_stays_while_the_mark_does()
    {
        Begin("abcdef");
        Mark(0, 6);
        Unmark(2, 2);
        Mark(5, 1, key: "italic");
        AssertCompacts(to: 3);
    }

    [Fact]
    public void What_is_not_stable_neither_goes_nor_covers()
    {
        Begin("abc");
        Mark(0, 3);
        var stable = Seen();
        Mark(0, 3);
        _state.Compact(stable);
        Assert.Equal(2, _state.MarkCount);
    }

    [Fact]
    public void Marking_one_range_again_and_again_keeps_nothing_behind()
    {
        Begin("abcdef");
        for (var i = 0; i < 100; i++)
        {
            Mark(i % 3, 3);
            Unmark(i % 3, 3);
        }
        AssertCompacts(to: 1);
    }

    /// <summary>The law: compacting in steps leaves what compacting at once leaves, and no reading changes, of what is inserted later neither.</summary>
    [Fact]
    public void Compacting_in_steps_gives_what_compacting_at_once_gives()
    {
        var dropped = 0;
        for (var seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            var (once, steps) = (new RichTextState(), new RichTextState());
            var counter = 0UL;
            for (var round = 0; round < 6; round++)
            {
                for (var i = random.Next(8); i >= 0; i--)
                {
                    var dot = A(counter + 1);
                    var (from, to) = (random.Next(steps.Length + 1), random.Next(steps.Length + 1));
                    (from, to) = (Math.Min(from, to), Math.Max(from, to));
                    var expansion = (MarkExpansion)random.Next(4);
                    var delta = (from == to ? 0 : random.Next(5)) switch
                    {
                        0 => steps.Insert(dot, from, "ab"),
                        1 when to - from < 4 => steps.Delete(dot, from, to - from),
                        2 => steps.Unmark(dot, from, to - from, "bold", expansion),
                        _ => steps.Mark(dot, from, to - from, "bold", V(random.Next(2)), expansion),
                    };
                    delta.Into(At((ulong)random.Next(3)), once, steps);
                    counter += (ulong)Math.Max(1, delta.DotCount);
                }
                steps.Compact(Version(counter));
                steps.Check();
                Assert.Equal(RichTextModel.Describe(once), RichTextModel.Describe(steps));
            }
            dropped += once.MarkCount - steps.MarkCount;
            once.Compact(Version(counter));
            if (Bytes.Canonical(once) != Bytes.Canonical(steps)) Assert.Fail($"Seed {seed}: {Bytes.Canonical(once)} at once, {Bytes.Canonical(steps)} in steps.");
        }
        Assert.True(dropped > 500, $"Only {dropped} marks were dropped.");
    }

    private void Begin(string text) => Join(_state.Insert(Next(text.Length), 0, text));

    private void Mark(int index, int count, MarkExpansion expansion = MarkExpansion.After, string key = "bold") => Join(_state.Mark(Next(1), index, count, key, V(1), expansion));

    private void Unmark(int index, int count) => Join(_state.Unmark(Next(1), index, count, "bold", MarkExpansion.After));

    private void Join(Edge.Sync.Crdts.RichText.RichTextDelta delta) => delta.Into(_state);

    private void AssertCompacts(int to)
    {
        var before = RichTextModel.Describe(_state);
        _state.Compact(Seen());
        _state.Check();
        Assert.Equal(before, RichTextModel.Describe(_state));
        Assert.Equal(to, _state.MarkCount);
    }

    private Dot Next(int count)
    {
        _counter += (ulong)count;
        return A(_counter - (ulong)count + 1);
    }

    private VersionVector Seen() => Version(_counter);

    private static VersionVector Version(ulong counter)
    {
        var version = new VersionVector();
        version.Include(A(counter));
        return version;
    }
}
