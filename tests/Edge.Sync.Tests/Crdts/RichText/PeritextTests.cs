using Edge.Sync.Crdts;
using Edge.Sync.Crdts.RichText;
using Edge.Sync.Tests.Crdts.Laws;
using Edge.Sync.Tests.Crdts.Types;
using static Edge.Sync.Tests.Crdts.Types.TestValues;

namespace Edge.Sync.Tests.Crdts.RichText;

/// <summary>The example cases of Peritext (Litt, Lim, Kleppmann, van Hardenberg 2022), and those that its authors found while building it.</summary>
public sealed class PeritextTests
{
    private readonly RichTextState _alice = new();
    private readonly RichTextState _bob = new();
    private ulong _aliceCounter;
    private ulong _bobCounter;

    [Fact]
    public void Bold_and_italic_that_overlap_are_both_there()
    {
        Start("The fox jumped.");
        Concurrently(Bold("The fox"), Italic("fox jumped"));
        Assert.Equal("[The |bold][fox|bold|italic][ jumped|italic][.]", Both());
    }

    [Fact]
    public void Two_bold_ranges_that_overlap_become_one()
    {
        Start("The fox jumped.");
        Concurrently(Bold("The fox"), Bold("fox jumped"));
        Assert.Equal("[The fox jumped|bold][.]", Both());
    }

    [Fact]
    public void Insertion_into_a_range_that_is_made_bold_meanwhile_is_bold()
    {
        Start("The fox jumped.");
        Concurrently(Bold("The fox jumped"), s => s.Insert(B(Next(ref _bobCounter, 6)), 4, "brown "));
        Assert.Equal("[The brown fox jumped|bold][.]", Both());
    }

    [Fact]
    public void Bold_and_unbold_at_once_end_alike_everywhere()
    {
        Start("The fox jumped.");
        Bold("The fox jumped")(_alice).Into(At(1), _alice, _bob);
        var unbold = Unbold("fox jumped")(_alice).Into(At(5), _alice);
        var bold = Bold("jumped", isBob: true)(_bob).Into(At(4), _bob);
        unbold.Into(At(5), _bob);
        bold.Into(At(4), _alice);
        Assert.Equal("[The |bold][fox jumped.]", Both());
    }

    [Fact]
    public void Unbold_that_had_seen_the_bold_wins_though_its_clock_is_behind()
    {
        Start("The fox");
        Bold("The fox")(_alice).Into(At(1_000), _alice, _bob);
        Unbold("fox", isBob: true)(_bob).Into(At(1), _bob, _alice);
        Assert.Equal("[The |bold][fox]", Both());
    }

    [Fact]
    public void Two_links_on_one_word_leave_one_on_each_character()
    {
        Start("The fox jumped.");
        var first = Link("The fox", 1)(_alice).Into(At(1), _alice);
        var second = Link("fox jumped", 2, isBob: true)(_bob).Into(At(2), _bob);
        first.Into(At(1), _bob);
        second.Into(At(2), _alice);
        Assert.Equal("[The |link=1][fox jumped|link=2][.]", Both());
    }

    [Fact]
    public void Comments_with_keys_of_their_own_lie_over_each_other()
    {
        Start("The fox jumped.");
        Concurrently(Set("The fox", "comment/1", 1, MarkExpansion.None), Set("fox jumped", "comment/2", 2, MarkExpansion.None, isBob: true));
        Assert.Equal("[The |comment/1=1][fox|comment/1=1|comment/2=2][ jumped|comment/2=2][.]", Both());
    }

    [Fact]
    public void Bold_grows_at_its_end_only()
    {
        Start("The fox jumped.");
        Bold("fox")(_alice).Into(_alice);
        Insert(7, "es");
        Insert(4, "old ");
        Assert.Equal("[The old ][foxes|bold][ jumped.]", Read(_alice));
    }

    [Fact]
    public void Link_grows_on_neither_side()
    {
        Start("The fox jumped.");
        Link("fox", 1)(_alice).Into(_alice);
        Insert(7, "es");
        Insert(4, "old ");
        Assert.Equal("[The old ][fox|link=1][es jumped.]", Read(_alice));
    }

    [Theory]
    [InlineData(MarkExpansion.None, "[x<][b|m=1][>y]")]
    [InlineData(MarkExpansion.Before, "[x][<b|m=1][>y]")]
    [InlineData(MarkExpansion.After, "[x<][b>|m=1][y]")]
    [InlineData(MarkExpansion.Both, "[x][<b>|m=1][y]")]
    public void Each_expansion_grows_where_it_says(MarkExpansion expansion, string expected)
    {
        Start("xby");
        Set("b", "m", 1, expansion)(_alice).Into(_alice);
        Insert(2, ">");
        Insert(1, "<");
        Assert.Equal(expected, Read(_alice));
    }

    [Theory]
    [InlineData(MarkExpansion.None, "[<][b|m=1][>]")]
    [InlineData(MarkExpansion.Both, "[<b>|m=1]")]
    public void Marks_at_the_borders_of_the_text_grow_alike(MarkExpansion expansion, string expected)
    {
        Start("b");
        Set("b", "m", 1, expansion)(_alice).Into(_alice);
        Insert(1, ">");
        Insert(0, "<");
        Assert.Equal(expected, Read(_alice));
    }

    [Fact]
    public void Text_typed_at_the_end_of_a_bold_range_and_text_typed_there_by_another_are_both_bold()
    {
        Start("The fox.");
        Bold("fox")(_alice).Into(_alice, _bob);
        Concurrently(s => s.Insert(A(Next(ref _aliceCounter, 2)), 7, "es"), s => s.Insert(B(Next(ref _bobCounter, 3)), 7, "trot"));
        Assert.Contains(Both(), new[] { "[The ][foxestrot|bold][.]", "[The ][foxtrotes|bold][.]" });
    }

    [Fact]
    public void Insertion_between_a_bold_range_and_one_that_begins_takes_the_one_that_grows()
    {
        Start("aabb");
        Bold("aa")(_alice).Into(_alice);
        Link("bb", 1)(_alice).Into(_alice);
        Insert(2, "--");
        Assert.Equal("[aa--|bold][bb|link=1]", Read(_alice));
    }

    [Fact]
    public void Insertion_where_one_mark_ends_and_another_begins_with_deleted_text_between_takes_the_one_that_grows()
    {
        Start("AAxxBB");
        Bold("AA")(_alice).Into(_alice);
        Link("BB", 1)(_alice).Into(_alice);
        Delete(2, 2);
        Insert(2, "--");
        Insert(4, "-");
        Assert.Equal("[AA---|bold][BB|link=1]", Read(_alice));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bold_grows_though_the_character_behind_it_was_deleted(bool isWrittenApart)
    {
        StartFox(isWrittenApart);
        Bold("fox")(_alice).Into(_alice);
        Delete(7, 1);
        Insert(7, "trot");
        Assert.Equal("[The ][foxtrot|bold][jumped]", Read(_alice));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Link_does_not_grow_though_its_last_character_was_deleted(bool isWrittenApart)
    {
        StartFox(isWrittenApart);
        Link("fox", 1)(_alice).Into(_alice);
        Delete(6, 1);
        Insert(6, "l");
        Insert(7, "k");
        Assert.Equal("[The ][fo|link=1][lk jumped]", Read(_alice));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Link_does_not_grow_though_its_first_character_was_deleted(bool isWrittenApart)
    {
        StartFox(isWrittenApart);
        Link("fox", 1)(_alice).Into(_alice);
        Delete(4, 1);
        Insert(4, "b");
        Assert.Equal("[The b][ox|link=1][ jumped]", Read(_alice));
    }

    [Fact]
    public void Bold_whose_text_is_all_deleted_does_not_come_back()
    {
        Start("The fox jumped");
        Bold("fox")(_alice).Into(_alice);
        Delete(4, 3);
        Assert.Equal("[The  jumped]", Read(_alice));
        Insert(4, "cat");
        Assert.Equal("[The cat jumped]", Read(_alice));
    }

    [Fact]
    public void Mark_on_text_that_was_deleted_meanwhile_marks_what_is_left_of_it()
    {
        Start("The fox jumped");
        Concurrently(s => s.Delete(A(Next(ref _aliceCounter)), 2, 4), Bold("The fox", isBob: true));
        Assert.Equal("[Thx|bold][ jumped]", Both());
    }

    [Fact]
    public void Insertion_into_a_range_of_which_all_was_deleted_meanwhile_is_marked()
    {
        Start("The fox jumped");
        Bold("fox")(_alice).Into(_alice, _bob);
        Concurrently(s => s.Delete(A(Next(ref _aliceCounter)), 4, 3), s => s.Insert(B(Next(ref _bobCounter, 4)), 5, "aloo"));
        Assert.Equal("[The ][aloo|bold][ jumped]", Both());
    }

    [Fact]
    public void Unmarking_a_part_and_marking_it_again_restores_precisely()
    {
        Start("The fox jumped");
        Bold("fox")(_alice).Into(_alice);
        Unbold("o")(_alice).Into(_alice);
        Assert.Equal("[The ][f|bold][o][x|bold][ jumped]", Read(_alice));
        Bold("o")(_alice).Into(_alice);
        Assert.Equal("[The ][fox|bold][ jumped]", Read(_alice));
        Insert(7, "es");
        Insert(4, "old ");
        Assert.Equal("[The old ][foxes|bold][ jumped]", Read(_alice));
    }

    [Fact]
    public void Text_typed_around_an_unmarked_part_is_as_the_text_on_its_left()
    {
        Start("aabbcc");
        Bold("aabbcc")(_alice).Into(_alice);
        Unbold("bb")(_alice).Into(_alice);
        Insert(4, "2");
        Insert(2, "1");
        Assert.Equal("[aa1|bold][bb2][cc|bold]", Read(_alice));
    }

    [Fact]
    public void Text_typed_around_a_part_without_its_link_is_not_linked()
    {
        Start("aabbcc");
        Link("aabbcc", 1)(_alice).Into(_alice);
        _alice.Unmark(A(Next(ref _aliceCounter)), 2, 2, "link", _alice.ExpansionOf(2, 2, "link")).Into(_alice);
        Insert(4, "2");
        Insert(2, "1");
        Assert.Equal("[aa|link=1][1bb2][cc|link=1]", Read(_alice));
    }

    [Theory]
    [InlineData(4, 3)]
    [InlineData(2, 8)]
    [InlineData(0, 14)]
    [InlineData(5, 1)]
    public void Text_that_is_deleted_and_put_back_gets_its_marks_back(int index, int count)
    {
        Start("The fox jumped");
        Bold("fox jum")(_alice).Into(_alice);
        Link("The fox", 1)(_alice).Into(_alice);
        var (before, spans) = (Read(_alice), _alice.Spans(index, count));
        var text = _alice.ToString().Substring(index, count);
        Delete(index, count);
        var back = _alice.Insert(A(Next(ref _aliceCounter, 100)), index, text, spans).Into(_alice);
        Assert.Equal(before, Read(_alice));
        if (count == 1) Assert.Equal(0, back.Marks.Length);
        var end = _alice.ToString().IndexOf("jum", StringComparison.Ordinal) + 3;
        Insert(end, "!");
        Assert.Contains("jum!|bold]", Read(_alice), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_pasted_with_marks_has_these_and_no_others()
    {
        Start("The fox jumped");
        Bold("The fox jumped")(_alice).Into(_alice);
        _alice.Insert(A(Next(ref _aliceCounter, 50)), 4, "red, blue ", [new(0, 3, [new("colour", V(1), MarkExpansion.After)]), new(5, 4, [new("bold", V(1), MarkExpansion.After)])]).Into(_alice);
        Assert.Equal("[The |bold][red|colour=1][, ][blue|bold][ ][fox jumped|bold]", Read(_alice));
    }

    private void Start(string text)
    {
        _alice.Insert(A(1), 0, text).Into(_alice, _bob);
        _aliceCounter = (ulong)text.Length;
    }

    /// <summary>"The fox jumped", in one go, or so that what follows the fox was written first: deleted characters then lie elsewhere in the tree.</summary>
    private void StartFox(bool isWrittenApart)
    {
        if (!isWrittenApart)
        {
            Start("The fox jumped");
            return;
        }
        Start(" jumped");
        foreach (var (index, c) in "The fox".Index()) Insert(index, c.ToString());
    }

    private void Insert(int index, string text) => _alice.Insert(A(Next(ref _aliceCounter, text.Length + 4)), index, text).Into(_alice);

    private void Delete(int index, int count) => _alice.Delete(A(Next(ref _aliceCounter)), index, count).Into(_alice);

    private Func<RichTextState, RichTextDelta> Bold(string range, bool isBob = false) => Set(range, "bold", 1, MarkExpansion.After, isBob);

    private Func<RichTextState, RichTextDelta> Italic(string range) => Set(range, "italic", 1, MarkExpansion.After, isBob: true);

    private Func<RichTextState, RichTextDelta> Link(string range, long page, bool isBob = false) => Set(range, "link", page, MarkExpansion.None, isBob);

    private Func<RichTextState, RichTextDelta> Unbold(string range, bool isBob = false) =>
        s => s.Unmark(NextDot(isBob), s.ToString().IndexOf(range, StringComparison.Ordinal), range.Length, "bold", MarkExpansion.After);

    private Func<RichTextState, RichTextDelta> Set(string range, string key, long value, MarkExpansion expansion, bool isBob = false) =>
        s => s.Mark(NextDot(isBob), s.ToString().IndexOf(range, StringComparison.Ordinal), range.Length, key, V(value), expansion);

    private Dot NextDot(bool isBob) => isBob ? B(Next(ref _bobCounter)) : A(Next(ref _aliceCounter));

    /// <summary>What both do before they hear of each other, at one time.</summary>
    private void Concurrently(Func<RichTextState, RichTextDelta> alice, Func<RichTextState, RichTextDelta> bob)
    {
        var (fromAlice, fromBob) = (alice(_alice).Into(At(5), _alice), bob(_bob).Into(At(5), _bob));
        fromAlice.Into(At(5), _bob);
        fromBob.Into(At(5), _alice);
    }

    private string Both()
    {
        Assert.Equal(Bytes.Canonical(_alice), Bytes.Canonical(_bob));
        Assert.Equal(Read(_alice), Read(_bob));
        return Read(_alice);
    }

    private static string Read(RichTextState state)
    {
        state.Check();
        var text = state.ToString();
        return string.Concat(state.Spans().Select(s => $"[{text.Substring(s.Start, s.Length)}{string.Concat(s.Marks.Select(Describe))}]"));
    }

    private static string Describe(MarkValue mark) => mark.Key is "bold" or "italic" ? $"|{mark.Key}" : $"|{mark.Key}={mark.Value.Span[0]}";

    private static ulong Next(ref ulong counter, int count = 1)
    {
        var next = counter + 1;
        counter += (ulong)count;
        return next;
    }
}
