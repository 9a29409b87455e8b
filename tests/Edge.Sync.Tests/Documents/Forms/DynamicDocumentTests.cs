#pragma warning disable ES0002 // Keeps a draft, to see it dead.

using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Documents.Forms;

/// <summary>Documents without a class, for tools.</summary>
public sealed class DynamicDocumentTests
{
    private static readonly DocumentId s_id = DocumentId.Named("o");

    [Fact]
    public async Task Fields_are_read_by_name_whatever_they_are()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Order>().EditAsync(s_id, static o => { o.Number = "7"; o.Price = new(2.5m, "EUR"); o.Lines.Add(new Line { Text = "pump" }); o.Rates["a"] = new(1, "EUR"); o.Level = Urgency.High; });
        await db.Documents<Job>().EditAsync(s_id, static j => { j.Minutes.Add(30); j.Parts.Add("seal"); j.Notes.Append("abc"); });
        var order = (await db.Documents("order").FindAsync(s_id))!;
        Assert.Equal(("7", 2L, null), (order["Number"], order["Level"], order["Nothing"]));
        Assert.Equal(2.5m, Assert.IsType<Dictionary<string, object?>>(order["Price"])["Amount"]);
        Assert.Contains(order.Fields, static f => f is { Name: "Number", Kind: "register" });
        Assert.Contains(order.Fields, static f => f is { Name: "Lines", Kind: "list" });
        var job = Assert.Single(await db.Documents("job").ToListAsync());
        Assert.Equal((30L, "abc", "seal"), (job["Minutes"], job["Notes"], Assert.Single(Assert.IsType<IReadOnlyList<object?>>(job["Parts"], exactMatch: false))));
        Assert.Null(await db.Documents("job").FindAsync(DocumentId.Named("none")));
        Assert.Throws<InvalidOperationException>(() => order["Number"] = "8");
    }

    [Fact]
    public async Task Edit_by_name_is_what_the_class_reads()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        DynamicDocument? kept = null;
        await db.Documents("job").EditAsync(s_id, d =>
        {
            kept = d;
            d["Title"] = "it's \"quoted\" \U0001F6A2";
            d["Done"] = true;
            d["Due"] = DateTimeOffset.UnixEpoch;
            d.Get("Minutes", FieldType.Counter).Add(30);
            d.Get("Parts", FieldType.Set<string>()).Add("seal");
            d.Get("Notes", FieldType.Text).Append("abc");
        });
        var job = (await db.Documents<Job>().FindAsync(s_id))!;
        Assert.Equal(("it's \"quoted\" \U0001F6A2", true, DateTimeOffset.UnixEpoch, 30L, "seal", "abc"), (job.Title, job.Done, job.Due!.Value, job.Minutes.Value, Assert.Single(job.Parts), job.Notes.Value));
        Assert.Throws<InvalidOperationException>(() => kept!["Title"] = "late");
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.Documents("job").EditAsync(s_id, static d => d["Minutes"] = 5));
        await Assert.ThrowsAsync<NotSupportedException>(() => db.Documents("job").EditAsync(s_id, static d => d["Title"] = new object()));
        Assert.Throws<ArgumentException>(() => db.Documents("no collection"));
        await Rebuilding.AssertEqualAsync(db);
    }
}
