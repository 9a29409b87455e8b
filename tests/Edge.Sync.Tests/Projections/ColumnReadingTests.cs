using Edge.Sync.Tests.Database;
using Edge.Sync.Tests.Documents.Forms;
using Edge.Sync.Tests.Documents.Types;
using Edge.Sync.Tests.Forgetting;
using Edge.Sync.Tests.Schema;

namespace Edge.Sync.Tests.Projections;

/// <summary>Plain values of each type of which a column alone has not all, and sets of each type of element.</summary>
[EdgeDocument("meterage")]
public partial class Meterage
{
    public partial DateTimeOffset At { get; set; }
    public partial DateTimeOffset? MaybeAt { get; set; }
    public partial decimal Price { get; set; }
    public partial decimal? MaybePrice { get; set; }
    public partial decimal Rate { get; set; } = 1.50m;
    public partial float Narrow { get; set; }
    public partial float? MaybeNarrow { get; set; }
    public partial double? MaybeReal { get; set; }
    public partial int Start { get; set; } = 7;
    public partial Money Cost { get; set; }
    public partial Money? MaybeCost { get; set; }
    public partial Window Window { get; set; }
    public partial Reference<Customer> Customer { get; set; }
    public partial MaxRegister<DateTimeOffset> Last { get; }
    public partial MinRegister<double> Least { get; }
    public partial MaxRegister<float> Most { get; }
    public partial MaxRegister<Level> Top { get; }
    public partial ReplicatedSet<string> Texts { get; }
    public partial ReplicatedSet<bool> Flags { get; }
    public partial ReplicatedSet<byte> Smalls { get; }
    public partial GrowSet<long> Bigs { get; }
    public partial RemoveWinsSet<Wide> Wides { get; }
    public partial ReplicatedSet<double> Reals { get; }
    public partial GrowSet<float> Narrows { get; }
    public partial ReplicatedSet<Guid> Keys { get; }
    public partial ReplicatedSet<Reference<Customer>> Customers { get; }
    public partial ReplicatedSet<DateTimeOffset> Times { get; }
    public partial ReplicatedSet<decimal> Prices { get; }
    public partial ReplicatedSet<Money> Costs { get; }
    public partial ReplicatedList<string> TextList { get; }
    public partial ReplicatedList<byte> SmallList { get; }
    public partial ReplicatedList<float> NarrowList { get; }
    public partial ReplicatedList<bool> FlagList { get; }
    public partial ReplicatedList<Level> LevelList { get; }
    public partial ReplicatedList<Guid> KeyList { get; }
    public partial ReplicatedList<decimal> PriceList { get; }
}

/// <summary>Another version of <see cref="Meterage"/>, with other types.</summary>
[EdgeDocument("meterage")]
public partial class OtherMeterage
{
    public partial string At { get; set; }
    public partial int? Start { get; set; }
    public partial double Narrow { get; set; }
    public partial string Price { get; set; }
    public partial string Cost { get; set; }
    public partial ReplicatedSet<int> Texts { get; }
    public partial ReplicatedSet<int> Smalls { get; }
    public partial GrowSet<bool> Bigs { get; }
    public partial ReplicatedSet<string> Reals { get; }
    public partial ReplicatedSet<long> Keys { get; }
    public partial ReplicatedList<int> TextList { get; }
    public partial ReplicatedList<int> SmallList { get; }
    public partial ReplicatedList<double> NarrowList { get; }
    public partial ReplicatedList<string> LevelList { get; }
    public partial ReplicatedList<string> KeyList { get; }
}

/// <summary>A document that a query gives is the same as one that is made of its state, whether it comes from a row or not.</summary>
public class ColumnReadingTests
{
    private static readonly string[] s_texts = ["", "a", "b", "\"\\\u0001", "a\0b", "😀", "\uE000", "Wörter"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_class_is_read_from_its_rows_alone_where_they_have_all_that_it_shows()
    {
        Assert.True(Schema<Gauge>().IsFlat);
        Assert.False(Schema<Job>() is { IsFlat: true } or { HasColumns: false });
        Assert.False(Schema<Meterage>() is { IsFlat: true } or { HasColumns: false });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Values_and_sets_of_every_type_are_as_in_the_state(int seed)
    {
        var random = new Random(seed);
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token))
        {
            for (var i = 0; i < 120; i++)
            {
                await db.Documents<Meterage>().EditAsync(DocumentId.Named($"{i % 40}"), m => Edit(m, random), Token);
                if (random.Next(6) == 0) await db.Documents<OtherMeterage>().EditAsync(DocumentId.Named($"{i % 40}"), m => Edit(m, random), Token);
            }
        }
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token))
            await AssertSameAsync<Meterage>(db, 40);
    }

    [Fact]
    public async Task Beside_the_columns_is_only_what_they_lack()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        foreach (var hours in new[] { 0, 2, 0 })
        {
            await db.Documents<Job>().EditAsync(DocumentId.Named("a"), job => (job.Due, _) = (new(2026, 6, 1, 12, 0, 0, TimeSpan.FromHours(hours)), job.Parts.Remove("none")), Token);
            await db.Documents<Job>().EditAsync(DocumentId.Named("a"), static job => job.Parts.Add("seal"), Token);
            Assert.Equal(hours == 0, PlainSql.Scalar(folder["a.db"], "SELECT edge_rest FROM job") is DBNull);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Properties_of_every_type_are_as_in_the_state_with_conflicts(int seed)
    {
        var random = new Random(seed);
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"], Token);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"], Token);
        ReplicaId[] ids = [await alice.GetReplicaIdAsync(Token), await bob.GetReplicaIdAsync(Token)];
        await bob.Documents<Plant>().CountAsync(Token);
        for (var i = 0; i < 600; i++)
        {
            var (db, other) = random.Next(2) == 0 ? (alice, bob) : (bob, alice);
            await db.Documents<Plant>().EditAsync(DocumentId.Named($"{random.Next(6)}"), plant => EveryTypeTests.EditAny(plant, random, ids[random.Next(2)]), Token);
            if (random.Next(20) == 0) await Exchange.PushAsync(db, other);
        }
        await Exchange.MergeAsync(alice, bob);
        await AssertSameAsync<Plant>(alice, 6);
        await AssertSameAsync<Plant>(bob, 6);
    }

    [Theory]
    [InlineData(5)]
    public async Task Jobs_gauges_and_what_stays_on_the_device_are_as_in_the_state(int seed)
    {
        var random = new Random(seed);
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await RandomDocuments.FillJobsAsync(db, seed, 60);
        await RandomDocuments.FillGaugesAsync(db, seed, 60);
        for (var i = 0; i < 60; i++)
        {
            await db.Documents<Note>().EditAsync(DocumentId.Named($"{random.Next(20)}"), note =>
            {
                if (random.Next(2) == 0) note.Text = s_texts[random.Next(s_texts.Length)];
                if (random.Next(2) == 0) note.Pinned = !note.Pinned;
                if (random.Next(2) == 0) note.Scratch.Append("scratch");
                if (random.Next(2) == 0) note.Seen.Add(s_texts[random.Next(s_texts.Length)]);
                if (random.Next(3) == 0) note.Color = "red";
                if (random.Next(3) == 0) note.Lines.Add(new Line { Text = "line" });
            }, Token);
        }
        await AssertSameAsync<Job>(db, 60);
        await AssertSameAsync<Gauge>(db, 60);
        await AssertSameAsync<Note>(db, (int)await db.Documents<Note>().CountAsync(Token));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public async Task Records_references_rules_lattices_and_lenses_are_as_in_the_state_with_conflicts(int seed)
    {
        var random = new Random(seed);
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"], Token);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"], Token);
        await bob.Documents<Order>().CountAsync(Token);
        await bob.Documents<TaskV1>().CountAsync(Token);
        for (var i = 0; i < 200; i++)
        {
            var (db, other) = random.Next(2) == 0 ? (alice, bob) : (bob, alice);
            await db.Documents<Order>().EditAsync(DocumentId.Named($"{random.Next(8)}"), order => Edit(order, random), Token);
            if (db == alice) await db.Documents<TaskV3>().EditAsync(DocumentId.Named($"{random.Next(8)}"), task => (task.Title, task.Minutes, task.Responsible) = (Text(random), random.Next(500), Text(random)), Token);
            else await db.Documents<TaskV1>().EditAsync(DocumentId.Named($"{random.Next(8)}"), task => (task.Legacy, task.Hours, task.Owner) = (Text(random), random.Next(9), Text(random)), Token);
            if (random.Next(20) == 0) await Exchange.PushAsync(db, other);
        }
        await Exchange.MergeAsync(alice, bob);
        await AssertSameAsync<Order>(alice, 8);
        await AssertSameAsync<Order>(bob, 8);
        await AssertSameAsync<TaskV3>(alice, 8);
        await AssertSameAsync<TaskV1>(bob, 8);
        await AssertSameAsync<TaskV2>(bob, 8);
    }

    [Fact]
    public async Task A_snapshot_stays_as_it_is_whatever_becomes_of_the_document_and_the_database()
    {
        using var folder = new TempFolder();
        var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var random = new Random(6);
        for (var i = 0; i < 80; i++)
            await db.Documents<Plant>().EditAsync(DocumentId.Named($"{random.Next(8)}"), plant => EveryTypeTests.EditAny(plant, random, default), Token);
        var before = (await db.Documents<Plant>().ToListAsync(Token)).Select(Described.Of).ToList();
        var kept = await db.Documents<Plant>().ToListAsync(Token);
        foreach (var plant in kept)
            await db.Documents<Plant>().EditAsync(plant.Id, static plant => (plant.Name, plant.Status.Value) = ("later", "later"), Token);
        await db.Documents<Plant>().PurgeAsync(kept[0].Id, Token);
        await db.DisposeAsync();
        File.Delete(folder["a.db"]);
        Assert.Equal(before, kept.Select(Described.Of));
    }

    [Fact]
    public async Task A_snapshot_of_what_was_encrypted_stays_as_it_is_once_that_is_forgotten()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var id = DocumentId.Named("ada");
        await db.Documents<Patient>().EditAsync(id, static patient => patient.Notes.Append("Better today."), Token);
        await db.Documents<PlainPatient>().EditAsync(id, static patient => patient.Visits.Add(1), Token);
        var kept = (await db.Documents<PlainPatient>().ToListAsync(Token))[0];
        Assert.Equal("Better today.", kept.Notes.Value);
        await db.Documents<Patient>().ForgetAsync(id, Token);
        Assert.Empty(await db.Documents<PlainPatient>().ToListAsync(Token));
        Assert.Equal(7, kept.Notes.IndexOf(kept.Notes.GetPosition(7)));
    }

    [Fact]
    public async Task Places_in_a_text_are_those_of_the_snapshot()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var id = DocumentId.Named("a");
        await db.Documents<Job>().EditAsync(id, static job => job.Notes.Append("The pump leaks."), Token);
        var job = (await db.Documents<Job>().ToListAsync(Token))[0];
        await db.Documents<Job>().EditAsync(id, static job => job.Notes.Insert(0, "Today: "), Token);
        var later = (await db.Documents<Job>().ToListAsync(Token))[0];
        var place = job.Notes.GetPosition(4);
        Assert.Equal((4, 11), (job.Notes.IndexOf(place), later.Notes.IndexOf(place)));
        Assert.Equal(("The pump leaks.", 22), (job.Notes.ToString(), later.Notes.Length));
    }

    [Fact]
    public async Task Elements_of_a_list_are_at_their_index_with_all_that_was_written_there()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await db.Documents<Plant>().EditAsync(DocumentId.Named("a"), static plant => plant.Plan.InsertRange(0, "drain", "op\"en\""), Token);
        var plan = (await db.Documents<Plant>().ToListAsync(Token))[0].Plan;
        Assert.Equal(("drain", "op\"en\"", 2), (plan[0], plan[1], plan.Count));
        Assert.Throws<ArgumentOutOfRangeException>(() => plan[2]);
        Assert.Equal("drain", Assert.Single(plan.ValuesAt(0)).Value);
    }

    [Fact]
    public async Task Many_threads_get_one_state()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await db.Documents<Plant>().EditAsync(DocumentId.Named("a"), static plant => plant.Plan.Add("step"), Token);
        for (var round = 0; round < 50; round++)
        {
            var plant = (await db.Documents<Plant>().ToListAsync(Token))[0];
            using var start = new Barrier(4);
            var states = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                start.SignalAndWait(Token);
                return ((IEdgeDocument<Plant>)plant).Store.State;
            }, Token)));
            Assert.Single(states.Distinct());
        }
    }

    [Fact]
    public async Task A_table_that_an_older_version_has_made_is_made_again()
    {
        using var folder = new TempFolder();
        var due = new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.FromHours(2));
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token))
            await db.Documents<Job>().EditAsync(DocumentId.Named("a"), job => job.Due = due, Token);
        PlainSql.Execute(folder["a.db"], "DROP TRIGGER IF EXISTS edge_guard_job_insert; ALTER TABLE job DROP COLUMN edge_rest; UPDATE edge_meta SET value = 7 WHERE key = 'fold'");
        // As a peer's change finds it, while no class is in use.
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token))
        {
            await db.GetStateHashAsync(Token);
            Assert.IsType<byte[]>(PlainSql.Scalar(folder["a.db"], "SELECT edge_rest FROM job"));
            await db.Documents<Job>().EditAsync(DocumentId.Named("b"), job => job.Due = due, Token);
            Assert.All(await db.Documents<Job>().ToListAsync(Token), job => Assert.True(due.EqualsExact(job.Due!.Value)));
        }
    }

    [Fact]
    public async Task A_table_that_becomes_another_class_s_while_a_query_runs_is_not_read()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await db.Documents<Meterage>().EditAsync(DocumentId.Named("a"), static m => (m.Start, m.At) = (9, DateTimeOffset.UnixEpoch), Token);
        await db.Documents<Meterage>().CountAsync(Token);
        var late = new Late(db);
        // Its value is read after the query has chosen to read columns.
        var query = db.Documents<Meterage>().Where(m => m.Start > late.Value);
        late.IsDue = true;
        var read = Assert.Single(await query.ToListAsync(Token));
        Assert.False(late.IsDue);
        Assert.Equal((9, DateTimeOffset.UnixEpoch), (read.Start, read.At));
    }

    private sealed class Late(EdgeDatabase db)
    {
        public bool IsDue { get; set; }

        public int Value
        {
            get
            {
                if (IsDue) Task.Run(() => db.Documents<OtherMeterage>().CountAsync(Token)).GetAwaiter().GetResult();
                IsDue = false;
                return 0;
            }
        }
    }

    /// <summary>The draft is made of the state.</summary>
    private static async Task AssertSameAsync<T>(EdgeDatabase db, int count) where T : class, IEdgeDocument<T>
    {
        var all = await db.Documents<T>().ToListAsync(Token);
        Assert.Equal(count, all.Count);
        foreach (var document in all)
        {
            await db.Documents<T>().EditAsync(document.Id, document, static (draft, document) => Assert.Equal(Described.Of(draft), Described.Of(document)), Token);
            Assert.Equal(Described.Of(document), Described.Of(await db.Documents<T>().FindAsync(document.Id, Token)));
        }
    }

    private static void Edit(Meterage m, Random random)
    {
        DateTimeOffset Time() => new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(random.NextInt64(1L << 50)).ToOffset(random.Next(2) == 0 ? TimeSpan.Zero : TimeSpan.FromMinutes(random.Next(-840, 841)));
        decimal Price() => random.Next(6) switch { 0 => 1.50m, 1 => -0.0m, 2 => decimal.MaxValue, 3 => 0.0000000000000000000000000001m, _ => random.Next(100) / 8m };
        double Real() => random.Next(5) switch { 0 => double.NaN, 1 => double.NegativeInfinity, 2 => -0.0, _ => random.Next(9) / 7.0 };
        bool Some() => random.Next(4) == 0;
        Money Cost() => new(Price(), s_texts[random.Next(s_texts.Length)]);
        Reference<Customer> Customer() => DocumentId.Named($"{random.Next(4)}");
        if (Some()) m.At = random.Next(9) switch { 0 => DateTimeOffset.MinValue, 1 => DateTimeOffset.MaxValue, _ => Time() };
        if (Some()) m.MaybeAt = random.Next(3) == 0 ? null : Time();
        if (Some()) m.Price = Price();
        if (Some()) m.MaybePrice = random.Next(3) == 0 ? null : Price();
        if (Some()) m.Rate = Price();
        if (Some()) (m.Narrow, m.MaybeNarrow) = ((float)Real(), random.Next(3) == 0 ? null : (float)Real());
        if (Some()) m.MaybeReal = random.Next(3) == 0 ? null : Real();
        if (Some()) m.Start = random.Next();
        if (Some()) (m.Cost, m.MaybeCost) = (Cost(), random.Next(3) == 0 ? null : Cost());
        if (Some()) m.Window = new() { From = Time(), Hours = random.Next(9) / 7.0, Gate = random.Next(2) == 0 ? null : 3, Fee = Cost() };
        if (Some()) m.Customer = Customer();
        if (Some()) m.Last.Reach(Time());
        if (Some()) (_, _) = (m.Least.Reach(Real()), m.Most.Reach((float)Real()));
        if (Some()) m.Top.Reach(Level.Over);
        if (Some()) m.Texts.Add(s_texts[random.Next(s_texts.Length)]);
        if (Some()) m.Texts.Remove(s_texts[random.Next(s_texts.Length)]);
        if (random.Next(9) == 0) m.Flags.Add(random.Next(2) == 0);
        if (Some()) m.Smalls.Add((byte)random.Next(256));
        if (Some()) m.Bigs.Add(random.Next(2) == 0 ? long.MinValue : random.Next(9));
        if (Some()) m.Wides.Add(random.Next(3) switch { 0 => Wide.Most, 1 => Wide.Many, _ => (Wide)random.Next(9) });
        if (Some()) m.Reals.Add(Real());
        if (Some()) m.Narrows.Add((float)Real());
        if (Some()) m.Keys.Add(RandomDocuments.Key(random));
        if (Some()) m.Customers.Add(Customer());
        if (Some()) m.Times.Add(Time());
        if (Some()) m.Prices.Add(Price());
        if (Some()) m.Costs.Add(Cost());
        if (Some()) m.TextList.Insert(random.Next(m.TextList.Count + 1), Text(random));
        if (Some()) m.SmallList.Insert(0, (byte)random.Next(256));
        if (Some()) m.NarrowList.Insert(0, (float)Real());
        if (Some()) m.FlagList.Insert(0, random.Next(2) == 0);
        if (Some()) m.LevelList.Insert(0, Level.Over);
        if (Some()) m.KeyList.Insert(0, RandomDocuments.Key(random));
        if (Some()) m.PriceList.Insert(0, Price());
    }

    private static void Edit(Order order, Random random)
    {
        Money Cost() => new(random.Next(3) / 2.00m, Text(random));
        Reference<Customer> Customer() => DocumentId.Named($"{random.Next(4)}");
        switch (random.Next(14))
        {
            case 0: (order.Number, order.Due) = (Text(random), random.Next(3) == 0 ? null : RandomDocuments.Noon.ToOffset(TimeSpan.FromHours(random.Next(-2, 3)))); break;
            case 1: (order.Customer, order.BillTo) = (Customer(), random.Next(3) == 0 ? null : Customer()); break;
            case 2: order.Watchers.Add(Customer()); break;
            case 3: order.Urgency.Value = (Urgency)random.Next(3); break;
            case 4: order.Lanes[Text(random)].Value = (Urgency)random.Next(3); break;
            case 5: order.Reach.Join(new(random.Next(9), random.Next(9))); break;
            case 6: order.Labels.Join(new(1UL << random.Next(9))); break;
            case 7: order.Lines.Add(new Line { Text = Text(random), Parts = { new Part { Name = "seal", Cost = Cost() } } }); break;
            case 8: (order.Price, order.Discount) = (Cost(), random.Next(3) == 0 ? null : Cost()); break;
            case 9: order.Fees.Add(Cost()); break;
            case 10: order.Rates[Text(random)] = Cost(); break;
            case 11: order.Quote.Value = Cost(); break;
            case 12: order.Window = new() { From = RandomDocuments.Noon, Hours = random.Next(9), Note = random.Next(2) == 0 ? null : Text(random), Fee = Cost() }; break;
            default: (order.Level, order.Weight, order.Token) = ((Urgency)random.Next(3), random.Next(3) / 2.00m, RandomDocuments.Key(random)); break;
        }
    }

    private static string Text(Random random) => s_texts[random.Next(s_texts.Length)];

    private static void Edit(OtherMeterage m, Random random)
    {
        if (random.Next(3) == 0) (m.At, m.Price, m.Cost) = ("soon", "high", "some");
        if (random.Next(3) == 0) m.Start = random.Next(2) == 0 ? null : 9;
        if (random.Next(3) == 0) m.Narrow = 0.1;
        if (random.Next(3) == 0) m.Texts.Add(3);
        if (random.Next(3) == 0) m.Smalls.Add(300);
        if (random.Next(3) == 0) m.Bigs.Add(true);
        if (random.Next(3) == 0) m.Reals.Add("many");
        if (random.Next(3) == 0) m.Keys.Add(9);
        if (random.Next(3) > 0) return;
        m.TextList.Add(7);
        m.SmallList.Add(300);
        m.NarrowList.Add(0.1);
        m.LevelList.Add("over");
        m.KeyList.Add("none");
    }

    private static DocumentSchema Schema<T>() where T : class, IEdgeDocument<T> => T.Schema;
}
