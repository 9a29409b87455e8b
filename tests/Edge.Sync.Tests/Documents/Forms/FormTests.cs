using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Documents.Forms;

/// <summary>Each form of a property, from the edit to the log, the snapshot, the SQL column, the query, undo and the differences between versions.</summary>
public sealed class FormTests
{
    private static readonly DocumentId s_acme = DocumentId.Named("acme");
    private static readonly DateTimeOffset s_day = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Reference_is_found_and_dangles_visibly()
    {
        await using var pair = await OrderPair.StartAsync(static o => { o.Customer = s_acme; o.Watchers.Add(s_acme); });
        var order = (await pair.Bob.Documents<Order>().FindAsync(OrderPair.Id))!;
        Assert.Equal(s_acme, order.Customer.Id);
        Assert.Null(order.BillTo);
        Assert.Contains(s_acme, order.Watchers);
        Assert.Null(await pair.Bob.Documents<Customer>().FindAsync(order.Customer));
        Assert.Equal(s_acme.ToString(), pair.Sql("Customer"));

        await pair.Bob.Documents<Customer>().EditAsync(s_acme, static c => c.Name = "Acme");
        Assert.Equal("Acme", (await pair.Bob.Documents<Customer>().FindAsync(order.Customer))!.Name);
        await pair.Bob.Documents<Customer>().DeleteAsync(s_acme);
        Assert.Null(await pair.Bob.Documents<Customer>().FindAsync(order.Customer));
        Assert.False(order.Customer.IsEmpty);
        Assert.True(new Order().Customer.IsEmpty);

        Reference<Customer> wanted = s_acme;
        Assert.Equal(1, await pair.Bob.Documents<Order>().Where(o => o.Customer == wanted).CountAsync());
        Assert.Equal(1, await pair.Bob.Documents<Order>().Where(o => o.Customer.Id == s_acme).CountAsync());
        Assert.Equal(0, await pair.Bob.Documents<Order>().Where(o => o.BillTo == wanted).CountAsync());
        Assert.Equal(1, await pair.Bob.Documents<Order>().Where(o => o.Watchers.Contains(wanted)).CountAsync());
    }

    [Fact]
    public async Task Index_is_made_used_and_dropped_with_the_attribute()
    {
        await using var pair = await OrderPair.StartAsync(static o => o.Number = "A1");
        Assert.Contains("edge_index_order_Number", PlainSql.Scalar(pair.BobPath, "SELECT group_concat(name) FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'order'")!.ToString());
        Assert.Contains("edge_index_order_Due", PlainSql.Scalar(pair.BobPath, "SELECT group_concat(name) FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'order'")!.ToString());
        var plan = pair.Bob.Documents<Order>().Where(o => o.Number == "A1").Plan.ToSelectSql().ToString().Replace("$p1", "'A1'", StringComparison.Ordinal);
        using var connection = PlainSql.Open(pair.BobPath);
        using var command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + plan;
        using var reader = command.ExecuteReader();
        var steps = new List<string>();
        while (reader.Read()) steps.Add(reader.GetString(3));
        Assert.Contains(steps, static step => step.Contains("INDEX edge_index_order_Number", StringComparison.Ordinal));

        // The next version of the app has the attribute elsewhere: the read model is made anew.
        await pair.Bob.Documents<PlainOrder>().CountAsync();
        Assert.Equal(0L, PlainSql.Scalar(pair.BobPath, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'edge_index_order%'"));
    }

    [Fact]
    public async Task Rule_of_ones_own_decides_between_concurrent_values()
    {
        await using var pair = await OrderPair.StartAsync();
        var order = await pair.MergeAsync(
            static o => { o.Urgency.Value = Urgency.High; o.Lanes["a"].Value = Urgency.High; },
            static o => { o.Urgency.Value = Urgency.Low; o.Lanes["a"].Value = Urgency.Normal; });
        Assert.Equal((Urgency.High, true), (order.Urgency.Value, order.Urgency.HasConflict));
        Assert.Equal(Urgency.High, order.Lanes["a"].Value);
        Assert.Equal(2L, pair.Sql("Urgency"));
        Assert.Equal("""{"a":2}""", pair.Sql("Lanes"));
        Assert.Equal(1, await pair.Bob.Documents<Order>().Where(o => o.Urgency.Value == Urgency.High).CountAsync());

        // Who has seen both decides.
        await pair.Bob.Documents<Order>().EditAsync(OrderPair.Id, static o => o.Urgency.Value = Urgency.Low);
        Assert.Equal(Urgency.Low, (await pair.Bob.Documents<Order>().FindAsync(OrderPair.Id))!.Urgency.Value);
        Assert.Equal(0L, pair.Sql("Urgency"));
    }

    [Fact]
    public async Task Inbox_says_what_lost_to_a_rule_of_ones_own()
    {
        await using var pair = await OrderPair.StartAsync();
        await pair.MergeAsync(
            static o => { o.Urgency.Value = Urgency.High; o.Lanes["a"].Value = Urgency.High; },
            static o => { o.Urgency.Value = Urgency.Low; o.Lanes["a"].Value = Urgency.Normal; });
        foreach (var db in (EdgeDatabase[])[pair.Alice, pair.Bob])
        {
            var conflicts = (await db.Conflicts.ToListAsync()).OrderBy(static c => c.Path.Count).ToList();
            Assert.Equal([("Urgency", 0L, 2L, ConflictRule.MergeRule), ("Lanes", 1L, 2L, ConflictRule.MergeRule)],
                conflicts.Select(static c => (c.Field, (long)c.LostValue!, (long)c.ShownValue!, c.Rule)));
        }
        var lost = (await pair.Bob.Conflicts.ToListAsync()).Single(static c => c.Path.Count == 0);
        await pair.Bob.Conflicts.RestoreAsync(lost);
        Assert.Equal(Urgency.Low, (await pair.Bob.Documents<Order>().FindAsync(OrderPair.Id))!.Urgency.Value);
        var other = Assert.Single(await pair.Bob.Conflicts.ToListAsync());
        await pair.Bob.Conflicts.DismissAsync(other);
        var order = (await pair.Bob.Documents<Order>().FindAsync(OrderPair.Id))!;
        Assert.Equal((Urgency.High, false), (order.Lanes["a"].Value, order.Lanes["a"].HasConflict));
        Assert.Empty(await pair.Bob.Conflicts.ToListAsync());
    }

    [Fact]
    public async Task Rows_that_were_written_without_the_class_show_the_rule_once_it_is_used()
    {
        await using var pair = await OrderPair.StartAsync();
        await pair.ReopenBobAsync();
        var alice = pair.Alice.Documents<Order>();
        await alice.EditAsync(OrderPair.Id, static o => o.Urgency.Value = Urgency.High);
        // Bob's process does not use the class: it can only show the latest of the two.
        await pair.Bob.Documents<PlainUrgency>().EditAsync(OrderPair.Id, static o => o.Urgency = Urgency.Low);
        await pair.ReopenBobAsync();
        await Exchange.MergeAsync(pair.Alice, pair.Bob);
        await pair.ReopenBobAsync();
        Assert.Equal(Urgency.High, (await pair.Bob.Documents<Order>().Where(o => o.Urgency.Value == Urgency.High).FirstOrDefaultAsync())?.Urgency.Value);
        Assert.Equal(2L, pair.Sql("Urgency"));
        var conflict = Assert.Single(await pair.Bob.Conflicts.ToListAsync());
        Assert.Equal((0L, 2L, ConflictRule.MergeRule), ((long)conflict.LostValue!, (long)conflict.ShownValue!, conflict.Rule));
    }

    [Fact]
    public async Task Rule_that_throws_stops_no_sync_and_is_seen_where_it_is_read()
    {
        await using var pair = await OrderPair.StartAsync();
        await pair.Bob.Documents<StrictOrder>().CountAsync();
        var order = await pair.MergeAsync(static o => o.Level = Urgency.High, static o => o.Level = Urgency.Low);
        Assert.Contains(order.Level, new[] { Urgency.High, Urgency.Low });
        var strict = (await pair.Bob.Documents<StrictOrder>().FindAsync(OrderPair.Id))!;
        Assert.Throws<InvalidTimeZoneException>(() => strict.Level.Value);
    }

    [Fact]
    public async Task Lattice_joins_what_both_wrote()
    {
        await using var pair = await OrderPair.StartAsync(static o => Assert.True(o.Reach.Join(new(1, 5))));
        var order = await pair.MergeAsync(
            static o => { o.Reach.Join(new(1, 9)); o.Labels.Join(new(1)); },
            static o => { o.Reach.Join(new(0, 5)); o.Labels.Join(new(6)); });
        Assert.Equal(new Reach(0, 9), order.Reach.Value);
        Assert.Equal(7ul, order.Labels.Value.Bits);
        Assert.Equal("""{"From":0,"To":9}""", pair.Sql("Reach"));
        Assert.Equal("tags 7", pair.Sql("Labels"));
        Assert.Equal(1, await pair.Bob.Documents<Order>().Where(o => o.Reach.Value.To > 8).CountAsync());

        var before = await pair.Bob.GetVersionAsync();
        await pair.Bob.Documents<Order>().EditAsync(OrderPair.Id, static o => Assert.False(o.Reach.Join(new(2, 3))));
        Assert.Equal(before, await pair.Bob.GetVersionAsync());
        Assert.Equal(Reach.Bottom, new Order().Reach.Value);
    }

    [Fact]
    public async Task Lattice_reaches_a_replica_without_the_class_and_goes_on_from_there()
    {
        await using var pair = await OrderPair.StartAsync();
        await pair.Alice.Documents<Order>().EditAsync(OrderPair.Id, static o => o.Reach.Join(new(1, 9)));
        using var folder = new TempFolder();
        await using var relay = await EdgeDatabase.OpenAsync(folder["relay.db"]);
        await Exchange.MergeAsync(pair.Alice, relay);
        await pair.Bob.Documents<Order>().EditAsync(OrderPair.Id, static o => o.Reach.Join(new(0, 2)));
        await Exchange.MergeAsync(relay, pair.Bob);
        await Exchange.MergeAsync(relay, pair.Alice);
        Assert.Equal(new Reach(0, 9), (await pair.Alice.Documents<Order>().FindAsync(OrderPair.Id))!.Reach.Value);
    }

    [Fact]
    public async Task Objects_in_a_list_merge_field_by_field_and_keep_their_identity_when_moved()
    {
        await using var pair = await OrderPair.StartAsync(static o =>
        {
            o.Lines.Add(new Line { Text = "pump", Parts = { new Part { Name = "seal", Cost = new(2.5m, "EUR") } } });
            o.Lines.Add(new Line { Text = "valve" });
        });
        var order = await pair.MergeAsync(
            static o => { o.Lines[0].Text = "pump 7"; o.Lines[0].Count.Add(2); },
            static o => { o.Lines.Move(0, 1); o.Lines[1].Done = true; o.Lines[1].Count.Add(3); });
        Assert.Equal(["valve", "pump 7"], order.Lines.Select(static l => l.Text));
        Assert.Equal((true, 5L), (order.Lines[1].Done, order.Lines[1].Count.Value));
        Assert.Equal(new Money(2.5m, "EUR"), order.Lines[1].Parts[0].Cost);
        Assert.Equal("""[{"Text":"valve","Done":0,"Count":0,"Parts":[]},{"Text":"pump 7","Done":1,"Count":5,"Parts":[{"Name":"seal","Cost":{"Amount":"2.5","Currency":"EUR"}}]}]""", pair.Sql("Lines"));
        Assert.Equal(1, await pair.Bob.Documents<Order>().Where(static o => o.Lines.Count == 2).CountAsync());
    }

    [Fact]
    public async Task Edit_of_an_object_brings_it_back_whole_when_another_had_removed_it()
    {
        await using var pair = await OrderPair.StartAsync(static o => { o.Lines.Add(new Line { Text = "pump" }); o.Lines.Add(new Line { Text = "valve" }); });
        var order = await pair.MergeAsync(static o => o.Lines.RemoveRange(0, 2), static o => o.Lines[0].Done = true);
        Assert.Equal(["pump"], order.Lines.Select(static l => l.Text));
        Assert.True(order.Lines[0].Done);
    }

    [Fact]
    public async Task Object_of_a_list_is_replaced_by_another()
    {
        await using var pair = await OrderPair.StartAsync(static o => o.Lines.Add(new Line { Text = "pump", Done = true }));
        await pair.Bob.Documents<Order>().EditAsync(OrderPair.Id, static o => o.Lines[0] = new Line { Text = "valve" });
        var order = (await pair.Bob.Documents<Order>().FindAsync(OrderPair.Id))!;
        Assert.Equal(("valve", false), (order.Lines[0].Text, order.Lines[0].Done));
        await Assert.ThrowsAsync<InvalidOperationException>(() => pair.Bob.Documents<Order>().EditAsync(OrderPair.Id, static o => o.Lines.Add(o.Lines[0])));
    }

    [Fact]
    public async Task Record_is_one_value_in_every_holder()
    {
        await using var pair = await OrderPair.StartAsync(static o =>
        {
            o.Price = new(12.50m, "EUR");
            o.Fees.Add(new(1, "EUR"));
            o.Fees.Add(new(1, "EUR"));
            o.Fees.Add(new(2, "USD"));
            o.Rates["night"] = new(9, "EUR");
            o.Quote.Value = new(3, "CHF");
            o.Window = new() { From = s_day, Hours = 2, Note = "gate \"7\" \U0001F6A2", Fee = new(5, "EUR") };
        });
        var order = (await pair.Bob.Documents<Order>().FindAsync(OrderPair.Id))!;
        Assert.Equal(new Money(12.50m, "EUR"), order.Price);
        Assert.Null(order.Discount);
        Assert.Equal(2, order.Fees.Count);
        Assert.Contains(new Money(2, "USD"), order.Fees);
        Assert.Equal(new Money(9, "EUR"), order.Rates["night"]);
        Assert.Equal(new Money(3, "CHF"), order.Quote.Value);
        Assert.Equal((s_day.AddHours(2), null, "gate \"7\" \U0001F6A2", new Money(5, "EUR")), (order.Window.To, order.Window.Gate, order.Window.Note, order.Window.Fee));
        Assert.Equal("""{"Amount":"12.5","Currency":"EUR"}""", pair.Sql("Price"));
        Assert.Equal(DBNull.Value, pair.Sql("Discount"));
        Assert.Equal("""{"night":{"Amount":"9","Currency":"EUR"}}""", pair.Sql("Rates"));
        Assert.Equal(2L, pair.Sql("Window ->> '$.Hours'"));
        Assert.Equal(1, await pair.Bob.Documents<Order>().Where(static o => o.Price.Currency == "EUR" && o.Window.Hours >= 2 && o.Window.Fee.Currency == "EUR").CountAsync());
        Assert.Equal(1, await pair.Bob.Documents<Order>().Where(static o => o.Discount == null).CountAsync());
        await pair.Bob.Documents<Order>().EditAsync(OrderPair.Id, static o => o.Discount = new(1, "EUR"));
        Assert.Equal(1, await pair.Bob.Documents<Order>().Where(static o => o.Discount != null && o.Discount!.Value.Currency == "EUR").CountAsync());

        // Two who write a record at once: one whole value wins, never a mix.
        var merged = await pair.MergeAsync(static o => o.Price = new(1, "USD"), static o => o.Price = new(2, "CHF"));
        Assert.Contains(merged.Price, new Money[] { new(1, "USD"), new(2, "CHF") });
    }

    [Fact]
    public async Task Defaults_are_read_queried_and_never_written()
    {
        await using var pair = await OrderPair.StartAsync(static o => o.Token = Guid.Empty);
        var order = (await pair.Bob.Documents<Order>().FindAsync(OrderPair.Id))!;
        Assert.Equal((Urgency.Normal, 1.5m, default(Money), new Window()), (order.Level, order.Weight, order.Price, order.Window with { Note = null, Fee = default }));
        Assert.Equal(1L, pair.Sql("Level"));
        Assert.Equal("1.5", pair.Sql("Weight"));
        Assert.Equal("""{"Amount":"0","Currency":""}""", pair.Sql("Price"));
        Assert.Equal(1, await pair.Bob.Documents<Order>().Where(static o => o.Level == Urgency.Normal && o.Price.Currency == "").CountAsync());
    }

    [Fact]
    public async Task Every_form_is_undone_and_told_apart()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var undo = db.CreateUndoHistory("board");
        var orders = db.Documents<Order>().With(new EditOptions { Undo = undo });
        await orders.EditAsync(OrderPair.Id, static o => { o.Lines.Add(new Line { Text = "pump" }); o.Price = new(1, "EUR"); });
        var before = await db.GetVersionAsync();
        await orders.EditAsync(OrderPair.Id, static o =>
        {
            o.Customer = s_acme;
            o.Urgency.Value = Urgency.High;
            o.Price = new(2, "USD");
            o.Lines[0].Text = "valve";
            o.Lines.Add(new Line { Text = "seal" });
        });
        var after = await db.GetVersionAsync();
        var diff = await db.DiffAsync<Order>(OrderPair.Id, before, after);
        Assert.Equal(["Customer", "Urgency", "Lines", "Lines", "Price"], diff.Fields.Select(static f => f.Field));
        var price = Assert.IsType<ValueDiff>(diff.Fields[4]);
        Assert.Equal("EUR", Assert.IsType<IReadOnlyDictionary<string, object?>>(price.Before, exactMatch: false)["Currency"]);

        Assert.Empty((await undo.UndoAsync()).Obstacles);
        var order = (await orders.FindAsync(OrderPair.Id))!;
        Assert.Equal((true, Urgency.Low, new Money(1, "EUR")), (order.Customer.IsEmpty, order.Urgency.Value, order.Price));
        Assert.Equal(["pump"], order.Lines.Select(static l => l.Text));
        await undo.RedoAsync();
        order = (await orders.FindAsync(OrderPair.Id))!;
        Assert.Equal(["valve", "seal"], order.Lines.Select(static l => l.Text));

        await orders.EditAsync(OrderPair.Id, static o => o.Lines.RemoveAt(0));
        await undo.UndoAsync();
        Assert.Equal(["valve", "seal"], (await orders.FindAsync(OrderPair.Id))!.Lines.Select(static l => l.Text));
        await Rebuilding.AssertEqualAsync(db);
    }

    [Fact]
    public async Task Document_made_with_new_brings_all_its_forms_along()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var made = new Order { Number = "7", Customer = s_acme, Price = new(1, "EUR"), Lines = { new Line { Text = "pump", Parts = { new Part { Name = "seal" } } } } };
        made.Reach.Join(new(1, 2));
        made.Urgency.Value = Urgency.High;
        var id = (await db.Documents<Order>().AddAsync(made)).DocumentId;
        var order = (await db.Documents<Order>().FindAsync(id))!;
        Assert.Equal(("7", s_acme, new Money(1, "EUR"), "seal", new Reach(1, 2), Urgency.High),
            (order.Number, order.Customer.Id, order.Price, order.Lines[0].Parts[0].Name, order.Reach.Value, order.Urgency.Value));
    }
}

/// <summary>The order without indexes.</summary>
[EdgeDocument("order")]
public partial class PlainOrder
{
    public partial string Number { get; set; }
}

/// <summary>The urgency as a plain value: on the wire it is the same.</summary>
[EdgeDocument("order")]
public partial class PlainUrgency
{
    public partial Urgency Urgency { get; set; }
}

/// <summary>With a rule that does not do its job.</summary>
[EdgeDocument("order")]
public partial class StrictOrder
{
    public partial Register<Urgency, Refusal> Level { get; }
}

public readonly struct Refusal : IMergeRule<Urgency>
{
    public static Urgency Merge(ReadOnlySpan<ConcurrentValue<Urgency>> values) => throw new InvalidTimeZoneException();
}
