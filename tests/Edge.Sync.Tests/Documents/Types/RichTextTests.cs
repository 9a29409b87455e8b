namespace Edge.Sync.Tests.Documents.Types;

public sealed class RichTextTests
{
    [Fact]
    public async Task Marks_that_overlap_merge_with_what_is_typed_meanwhile()
    {
        await using var replicas = await TwoReplicas.StartAsync(static p => p.Manual.Append("The fox jumped."));
        var plant = await replicas.MergeAsync(
            static p => p.Manual.Mark(0..7, "bold", true),
            static p =>
            {
                p.Manual.Mark(4..^1, "link", "https://example.org", MarkExpansion.None);
                p.Manual.Insert(7, "es");
                p.Manual.Insert(p.Manual.Length, " Twice.");
            });
        Assert.Equal("The foxes jumped. Twice.", plant.Manual.Value);
        Assert.Equal(["The ", "foxes", " jumped", ". Twice."], plant.Manual.Spans.Select(static s => s.Text));
        Assert.Equal([true, true, false, false], plant.Manual.Spans.Select(static s => s.IsMarked("bold")));
        Assert.Equal([false, true, true, false], plant.Manual.Spans.Select(static s => s.TryGetMark<string>("link", out var page) && page == "https://example.org"));
        Assert.Equal("The foxes jumped. Twice.", replicas.Sql("Manual"));
    }

    [Fact]
    public async Task Sql_has_the_text_and_beside_it_the_marks_as_json()
    {
        await using var replicas = await TwoReplicas.StartAsync();
        Assert.Equal("", replicas.Sql("Manual"));
        Assert.Equal("[]", replicas.Sql("Manual_spans"));
        await replicas.MergeAsync(static p =>
        {
            p.Manual.Append("a\"bcdefg");
            p.Manual.Mark(1..3, "size", 12);
            p.Manual.Mark(2..4, "since", DateTimeOffset.UnixEpoch);
            p.Manual.Mark(4..5, "rate", 0.5m);
            p.Manual.Mark(5..6, "by", Guid.Empty);
            p.Manual.Mark(6..8, "ratio", 1.5);
            p.Manual.Mark(7..8, "bold", true);
        });
        Assert.Equal("""[{"text":"a"},{"text":"\"","marks":{"size":12}},{"text":"b","marks":{"since":"1970-01-01T00:00:00.0000000Z","size":12}},"""
            + """{"text":"c","marks":{"since":"1970-01-01T00:00:00.0000000Z"}},{"text":"d","marks":{"rate":"0.5"}},{"text":"e","marks":{"by":"00000000000000000000000000000000"}},"""
            + """{"text":"f","marks":{"ratio":1.5}},{"text":"g","marks":{"bold":true,"ratio":1.5}}]""", replicas.Sql("Manual_spans"));
        Assert.Equal(1, await replicas.Bob.Documents<Plant>().Where(static p => p.Manual.Value.Contains("bcd")).CountAsync());
    }

    [Fact]
    public async Task Part_that_is_unmarked_leaves_the_rest_and_copied_spans_keep_their_marks()
    {
        await using var replicas = await TwoReplicas.StartAsync();
        var plant = await replicas.MergeAsync(static p =>
        {
            p.Manual.Append("one two");
            p.Manual.Mark(.., "bold", true);
            p.Manual.Unmark(3..4, "bold");
            p.Manual.Unmark(3..3, "bold");
            p.Pages["copy"].Append("[]");
            p.Pages["copy"].Insert(1, p.Manual.Spans);
            p.Manual.Value = "one or two";
        });
        Assert.Equal(["one", " or ", "two"], plant.Manual.Spans.Select(static s => s.Text));
        Assert.Equal([(0, "["), (1, "one"), (4, " "), (5, "two"), (8, "]")], plant.Pages["copy"].Spans.Select(static s => (s.Start, s.Text)));
        Assert.Equal([0, 1, 0, 1, 0], plant.Pages["copy"].Spans.Select(static s => s.Marks.Count));
        Assert.Equal(plant.Manual.Spans[0].Marks, plant.Pages["copy"].Spans[1].Marks);
        Assert.False(plant.Manual.Spans[0].TryGetMark<string>("bold", out _));
        Assert.Equal("""{"copy":"[one two]"}""", replicas.Sql("Pages"));
    }

    [Fact]
    public void Document_made_with_new_keeps_its_marks()
    {
        var plant = new Plant();
        Assert.Empty(plant.Manual.Spans);
        plant.Manual.Append("ab");
        plant.Manual.Mark(1.., "bold", true);
        Assert.Equal(["a", "b"], plant.Manual.Spans.Select(static s => s.Text));
    }

    [Fact]
    public async Task Marks_of_a_document_made_with_new_are_added_with_it()
    {
        await using var replicas = await TwoReplicas.StartAsync();
        var made = new Plant();
        made.Manual.Append("ab");
        made.Manual.Mark(1.., "bold", true);
        var id = (await replicas.Alice.Documents<Plant>().AddAsync(made)).DocumentId;
        await replicas.MergeAsync();
        Assert.True((await replicas.Bob.Documents<Plant>().FindAsync(id))!.Manual.Spans[1].TryGetMark<bool>("bold", out var isBold) && isBold);
    }

    [Fact]
    public void Wrong_arguments_are_refused_and_say_so()
    {
        var text = new Plant().Manual;
        text.Append("a😀");
        Assert.Throws<ArgumentOutOfRangeException>(() => text.Mark(0..4, "bold", true));
        Assert.Throws<ArgumentOutOfRangeException>(() => text.Mark(0..2, "bold", true));
        Assert.Throws<ArgumentException>(() => text.Mark(.., "", true));
        Assert.Throws<ArgumentException>(() => text.Mark(.., new string('k', 257), true));
        Assert.Throws<ArgumentNullException>(() => text.Mark(.., "link", (string)null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => text.Insert(2, "x"));
        Assert.Single(text.Spans);
    }
}
