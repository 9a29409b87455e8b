#pragma warning disable ES0001 // Writes to a snapshot, to see it refused.
namespace Edge.Sync.Tests.Projections;

/// <summary>A class whose columns have all that its properties show: queries read no states for it.</summary>
[EdgeDocument("flat")]
public partial class Flat
{
    public partial string Text { get; set; }
    public partial string? MaybeText { get; set; }
    public partial string Named { get; set; } = "Untitled";
    public partial bool Flag { get; set; }
    public partial bool? MaybeFlag { get; set; }
    public partial byte Small { get; set; }
    public partial short Middle { get; set; }
    public partial int Whole { get; set; }
    public partial int? MaybeWhole { get; set; }
    public partial long Big { get; set; }
    public partial double Real { get; set; }
    public partial Guid Key { get; set; }
    public partial Guid? MaybeKey { get; set; }
    public partial DocumentId Site { get; set; }
    public partial Level Level { get; set; }
    public partial Level? MaybeLevel { get; set; }
    public partial Wide Wide { get; set; }
    public partial Counter Minutes { get; }
    public partial EnableWinsFlag On { get; }
    public partial DisableWinsFlag Off { get; }
}

/// <summary>A later version of <see cref="Flat"/>, whose numbers have become greater.</summary>
[EdgeDocument("flat")]
public partial class WiderFlat
{
    public partial int Small { get; set; }
    public partial long Middle { get; set; }
    public partial long Whole { get; set; }
    public partial long MaybeWhole { get; set; }
    public partial int Level { get; set; }
}

public class FlatDocumentTests
{
    private static readonly string[] s_texts = ["", "a", "a\0b", "😀", "Wörter"];
    private static readonly double[] s_reals = [0, -1.5, double.NaN, double.MaxValue, double.NegativeInfinity];
    private static readonly Level[] s_levels = [Level.None, Level.Half, Level.Over, Level.Full, (Level)7];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Query_shows_what_the_state_shows(int seed)
    {
        Assert.True(Schema<Flat>().IsFlat);
        Assert.False(Schema<Job>().IsFlat);
        var random = new Random(seed);
        using var folder = new TempFolder();
        var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var flats = db.Documents<Flat>();
        for (var i = 0; i < 60; i++)
        {
            await flats.EditAsync(DocumentId.Named($"{i % 40}"), flat =>
            {
                if (random.Next(2) == 0) flat.Text = s_texts[random.Next(s_texts.Length)];
                if (random.Next(2) == 0) flat.MaybeText = random.Next(2) == 0 ? null : s_texts[random.Next(s_texts.Length)];
                if (random.Next(2) == 0) flat.Named = s_texts[random.Next(s_texts.Length)];
                if (random.Next(2) == 0) (flat.Flag, flat.MaybeFlag) = (random.Next(2) == 0, random.Next(2) == 0 ? null : random.Next(2) == 0);
                if (random.Next(2) == 0) (flat.Small, flat.Middle, flat.Whole, flat.Big) = ((byte)random.Next(256), (short)random.Next(-9, 9), random.Next(int.MinValue, int.MaxValue), random.NextInt64());
                if (random.Next(2) == 0) flat.MaybeWhole = random.Next(2) == 0 ? null : random.Next(int.MinValue, int.MaxValue);
                if (random.Next(2) == 0) flat.Real = s_reals[random.Next(s_reals.Length)];
                if (random.Next(2) == 0) (flat.Key, flat.MaybeKey, flat.Site) = (RandomDocuments.Key(random), random.Next(2) == 0 ? null : RandomDocuments.Key(random), DocumentId.Named($"{i}"));
                if (random.Next(2) == 0) (flat.Level, flat.MaybeLevel, flat.Wide) = (s_levels[random.Next(s_levels.Length)], random.Next(2) == 0 ? null : s_levels[random.Next(s_levels.Length)], random.Next(2) == 0 ? Wide.Most : Wide.Many);
                if (random.Next(2) == 0) flat.Minutes.Add(random.Next(-9, 9));
                if (random.Next(2) == 0) (flat.On.Value, flat.Off.Value) = (random.Next(2) == 0, random.Next(2) == 0);
            }, Token);
            // Another version of the app writes what this one has no room for.
            if (random.Next(5) == 0)
                await db.Documents<WiderFlat>().EditAsync(DocumentId.Named($"{i % 40}"), static wider => (wider.Small, wider.Middle, wider.Whole, wider.MaybeWhole, wider.Level) = (300, 70_000, 1L << 40, 1L << 40, 256), Token);
        }
        // While both versions are in use, the table is that of the one which came last.
        Assert.NotNull(await flats.FindAsync(DocumentId.Named("0"), Token));
        Assert.Equal(40, (await flats.ToListAsync(Token)).Count);
        await db.DisposeAsync();
        db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        flats = db.Documents<Flat>();
        var all = await flats.OrderByDescending(static f => f.Whole).ToListAsync(Token);
        Assert.Equal(40, all.Count);
        foreach (var flat in all)
        {
            Assert.Equal(Shown(flat), Shown((await flats.FindAsync(flat.Id, Token))!));
            // The draft is made of the state.
            await flats.EditAsync(flat.Id, flat, static (draft, flat) => Assert.Equal(Shown(draft), Shown(flat)), Token);
        }
        Assert.Throws<InvalidOperationException>(() => all[0].Text = "x");
        Assert.Throws<InvalidOperationException>(() => all[0].Minutes.Add(1));
        await db.DisposeAsync();
    }

    private static DocumentSchema Schema<T>() where T : class, IEdgeDocument<T> => T.Schema;

    private static object Shown(Flat f) => (f.Id, f.Text, f.MaybeText, f.Named, f.Flag, f.MaybeFlag, (f.Small, f.Middle, f.Whole, f.MaybeWhole, f.Big, f.Real, f.Key),
        (f.MaybeKey, f.Site, f.Level, f.MaybeLevel, f.Wide, f.Minutes.Value, f.On.Value, f.Off.Value));
}
