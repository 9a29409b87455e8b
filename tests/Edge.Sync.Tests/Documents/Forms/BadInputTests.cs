using Edge.Sync.Projections;
using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Documents.Forms;

/// <summary>What an app may hand us by mistake: a typed error that names the cure, and nothing half-written.</summary>
public sealed class BadInputTests
{
    private static readonly DocumentId s_id = DocumentId.Named("x");

    [Fact]
    public async Task Value_of_ten_megabytes_is_refused_whole()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Order>().EditAsync(s_id, static o => o.Number = "before");
        var before = await db.GetVersionAsync();
        var error = await Assert.ThrowsAsync<EdgeDataException>(() => db.Documents<Order>().EditAsync(s_id, static o => { o.Price = new(1, "EUR"); o.Number = new('x', 10 << 20); }));
        Assert.Equal(EdgeErrorCode.LimitExceeded, error.Code);
        Assert.Contains("Split it", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await db.GetVersionAsync());
        var order = (await db.Documents<Order>().FindAsync(s_id))!;
        Assert.Equal(("before", default), (order.Number, order.Price));
        var lattice = await Assert.ThrowsAsync<ArgumentException>(() => db.Documents<Heap>().EditAsync(s_id, static h => h.Bytes.Join(new(2 << 20))));
        Assert.Contains("a lattice holds 1048576 at most", lattice.Message, StringComparison.Ordinal);
        await Rebuilding.AssertEqualAsync(db);
    }

    [Fact]
    public async Task Text_with_quotes_nul_and_emoji_is_kept_in_every_form()
    {
        const string Text = "it's \"quoted\" \0 \\ {\"a\":1} \U0001F6A2 \u202E";
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Order>().EditAsync(s_id, static o =>
        {
            o.Number = Text;
            o.Price = new(1, Text);
            o.Fees.Add(new(1, Text));
            o.Rates[Text] = new(1, Text);
            o.Lines.Add(new Line { Text = Text });
        });
        var order = (await db.Documents<Order>().FindAsync(s_id))!;
        Assert.Equal((Text, Text, Text, Text, Text), (order.Number, order.Price.Currency, Assert.Single(order.Fees).Currency, order.Rates[Text].Currency, order.Lines[0].Text));
        Assert.Equal(1, await db.Documents<Order>().Where(static o => o.Number == Text && !o.Rates.ContainsKey("none")).CountAsync());
        await Rebuilding.AssertEqualAsync(db);
    }

    [Fact]
    public async Task Names_with_quotes_and_emoji_are_names_like_others()
    {
        const string Name = "it's \"quoted\" \U0001F6A2; DROP TABLE odd --";
        using var folder = new TempFolder();
        using var other = new TempFolder();
        var path = folder["it's \"quoted\" \U0001F6A2.db"];
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = path, Name = Name });
        await using var peer = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = other["b.db"], Name = Name });
        var undo = db.CreateUndoHistory(Name);
        var odd = db.Documents<Odd>().With(new EditOptions { Undo = undo, Intent = Name, Author = Name });
        await odd.EditAsync(s_id, static o => { o.Title = "a pump"; o.Count.Add(2); o.Parts.Add("seal"); });
        Assert.Equal(1, await odd.Where(static o => o.Title == "a pump" && o.Count > 1 && o.Parts.Contains("seal")).OrderBy(static o => o.Title).ThenBy(static o => o.Count).CountAsync());
        Assert.Single(await odd.Search("pump").ToListAsync());
        Assert.Equal("a pump", PlainSql.Scalar(path, "SELECT \"it's; DROP TABLE odd --\" FROM odd"));
        await db.Documents("odd").EditAsync(s_id, static o => o[Name] = "of no class");
        Assert.Equal("of no class", (await db.Documents("odd").FindAsync(s_id))![Name]);
        await foreach (var entry in db.History<Odd>(s_id))
            if (entry.Author is not null) Assert.Equal((Name, Name), (entry.Author, entry.Intent));

        await Exchange.MergeAsync(db, peer);
        await peer.Documents<Odd>().EditAsync(s_id, static o => o.Title = "theirs");
        await odd.EditAsync(s_id, static o => o.Title = "ours");
        await Exchange.MergeAsync(db, peer);
        Assert.Equal("it's; DROP TABLE odd --", Assert.Single(await db.Conflicts.ToListAsync()).Field);
        await undo.UndoAsync();
        await undo.UndoAsync();
        Assert.Equal(0, (await odd.FindAsync(s_id))!.Count.Value);
        await Rebuilding.AssertEqualAsync(db);

        // A collection is a table, an address and a file's name elsewhere: there such names are refused, with what may be written instead.
        var error = Assert.Throws<ArgumentException>(() => db.Documents(Name));
        Assert.Contains("a letter", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Thousand_fields_are_a_table_and_an_edit()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var schema = DocumentSchema.For("wide");
        for (var i = 0; i < 1000; i++) schema = schema.Register<int>($"F{i}", $"F{i}");
        var opened = await db.OpenedAsync(default);
        await opened.Writer.RunAsync(_ => { opened.Projector.Register(schema.Build()); return true; }, default);
        await db.Documents("wide").EditAsync(s_id, static d => { for (var i = 0; i < 1000; i++) d[$"F{i}"] = i; });
        await db.Documents("wide").EditAsync(s_id, static d => d["F999"] = 1);
        Assert.Equal(1L, PlainSql.Scalar(folder["a.db"], "SELECT F999 FROM wide WHERE F998 = 998"));
        Assert.Equal(1000, (await db.Documents("wide").FindAsync(s_id))!.Fields.Count);
        await Rebuilding.AssertEqualAsync(db);
    }

    [Fact]
    public async Task Record_whose_bytes_another_version_wrote_reads_as_far_as_it_goes()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<NewerOrder>().EditAsync(s_id, static o => o.Price = new("EUR", 3, "x"));
        var order = (await db.Documents<Order>().FindAsync(s_id))!;
        Assert.Equal(new Money(0, "EUR"), order.Price);
        Assert.Equal(1, await db.Documents<Order>().Where(static o => o.Price.Currency == "EUR").CountAsync());
        await db.Documents("order").EditAsync(s_id, static d => d["Price"] = "no record");
        Assert.Equal(default, (await db.Documents<Order>().FindAsync(s_id))!.Price);
        Assert.Equal(1, await db.Documents<Order>().Where(static o => o.Price.Currency == "").CountAsync());
    }
}

/// <summary>Names on the wire that are no names in C#, and none of SQL's. Double quotes and emoji are errors of the build (ES0006).</summary>
[EdgeDocument("odd")]
public partial class Odd
{
    [Field("it's; DROP TABLE odd --"), Indexed, Searchable] public partial string Title { get; set; }
    [Field("[brackets] `ticks` \\ % $1 ?")] public partial Counter Count { get; }
    [Field("\u2693 {parts}")] public partial ReplicatedSet<string> Parts { get; }
}

/// <summary>A lattice that grows too large.</summary>
[EdgeDocument("heap")]
public partial class Heap
{
    public partial Lattice<Pile> Bytes { get; }
}

public readonly record struct Pile(int Size) : ILattice<Pile>
{
    public static Pile Bottom => default;

    public static Pile Join(Pile a, Pile b) => a.Size > b.Size ? a : b;

    public static void Write(System.Buffers.IBufferWriter<byte> output, Pile value)
    {
        output.GetSpan(Math.Max(1, value.Size))[..value.Size].Clear();
        output.Advance(value.Size);
    }

    public static Pile Read(ReadOnlySpan<byte> bytes) => new(bytes.Length);
}

/// <summary>The order of a later version, whose price has other members.</summary>
[EdgeDocument("order")]
public partial class NewerOrder
{
    public partial NewerMoney Price { get; set; }
}

public readonly record struct NewerMoney(string Currency, int Cents, string Note);
