using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Documents.Types;

/// <summary>Random edits of every property type on replicas that hear of each other now and then.</summary>
public class EveryTypeTests
{
    private const int EditCount = 1000;

    private static readonly string[] s_texts = ["", "a", "b", "ab", "😀", "\uE000", "\0", "'\"\\"];

    private static readonly Action<Plant, Random, ReplicaId>[] s_edits =
    [
        static (p, r, _) => p.Name = Text(r),
        static (p, r, _) => p.Minutes.Add(r.Next(4) == 0 ? long.MinValue : r.Next(-9, 10)),
        static (p, r, _) => p.Pieces.Add(r.Next(4) == 0 ? long.MaxValue : r.Next(10)),
        static (p, r, _) => p.Seats.Grant(r.Next(1, 5)),
        static (p, r, _) => p.Seats.TrySpend(r.Next(1, 5)),
        static (p, r, other) => p.Seats.TryTransfer(other, r.Next(1, 5)),
        static (p, r, other) => p.Seats.TryReclaim(other, r.Next(1, 5)),
        static (p, r, _) => p.NeedsAttention.Value = r.Next(2) == 0,
        static (p, r, _) => p.Consent.Value = r.Next(2) == 0,
        static (p, r, _) => p.Status.Value = Text(r),
        static (p, r, _) => p.Priority.Value = (Priority)r.Next(3),
        static (p, r, _) => p.Peak.Reach(r.Next(5) switch { 0 => double.PositiveInfinity, 1 => double.NegativeInfinity, _ => r.NextDouble() }),
        static (p, r, _) => p.LastTag.Reach(Text(r)),
        static (p, r, _) => p.FirstSeen.Reach(DateTimeOffset.UnixEpoch.AddTicks(r.NextInt64(1L << 40)).ToOffset(TimeSpan.FromHours(r.Next(-5, 6)))),
        static (p, r, _) => p.Lowest.Reach(r.Next()),
        static (p, r, _) => p.Tags.Add(Text(r)),
        static (p, r, _) => p.Tags.Remove(Text(r)),
        static (p, r, _) => p.SignedBy.Add(DocumentId.Named($"{r.Next(9)}")),
        static (p, r, _) => p.Operators.Add(Text(r)),
        static (p, r, _) => p.Operators.Remove(Text(r)),
        static (p, r, _) => Write(p.Notes, r),
        static (p, r, _) => Write(p.Manual, r),
        static (p, r, _) => Write(p.Manual, r),
        static (p, r, _) => Write(p.Pages[Text(r)], r),
        static (p, r, _) => p.Pages.Remove(Text(r)),
        static (p, r, _) => p.Stock[Text(r)].Add(r.Next(-9, 10)),
        static (p, r, _) => p.Stock.Remove(Text(r)),
        static (p, r, _) => p.Stock.Add(Text(r)),
        static (p, r, _) => p.Labels[r.Next(3)] = Text(r),
        static (p, r, _) => p.Labels.Remove(r.Next(3)),
        static (p, r, _) => p.Bins[(Priority)r.Next(2)][Text(r)].Add(r.Next(3)),
        static (p, r, _) => p.Bins[(Priority)r.Next(2)][Text(r)].Remove(r.Next(3)),
        static (p, r, _) => p.Bins[(Priority)r.Next(2)].Remove(Text(r)),
        static (p, r, _) => p.Bins.Remove((Priority)r.Next(2)),
        static (p, r, _) => Write(p.Remarks[Text(r)], r),
        static (p, r, _) => p.Remarks.Remove(Text(r)),
        static (p, r, _) => Grow(p.Trees[Key(r)], r),
        static (p, r, _) => p.Trees.Remove(Key(r)),
        static (p, r, _) => p.Steps[Text(r)] = new WorkStep { Text = Text(r), Parts = { [Text(r)] = r.Next(9) } },
        static (p, r, _) => p.Steps[Text(r)].Minutes.Add(r.Next(9)),
        static (p, r, _) => p.Steps[Text(r)].Parts[Text(r)] = r.Next(9),
        static (p, r, _) => p.Steps.Remove(Text(r)),
        static (p, r, _) => (p.Address.City, p.Address.Number) = (Text(r), r.Next(2) == 0 ? null : r.Next()),
        static (p, r, _) => (p.Address.Rent, p.Address.Since) = (r.Next(3) / 10m, DateTimeOffset.UnixEpoch.AddDays(r.Next(9))),
        static (p, r, _) => p.Address.Highest.Reach(r.Next(9)),
        static (p, r, _) => p.Address.Open.Value = r.Next(2) == 0,
        static (p, r, _) => Write(p.Address.Way, r),
        static (p, r, _) => p.Address.Doors.Add(Text(r)),
        static (p, r, _) => (p.Address.Place.Latitude, p.Address.Place.Longitude) = (r.Next(4) == 0 ? double.NaN : r.NextDouble(), r.Next(9)),
        static (p, r, _) => Grow(p.Outline, r),
        static (p, r, _) => Grow(p.Outline, r),
        static (p, r, _) => p.History.Append(Text(r)),
        static (p, r, _) => Order(p.Plan, r, Text),
        static (p, r, _) => Order(p.Plan, r, Text),
        static (p, r, _) => Order(p.Queues[Text(r)], r, static r => r.Next(9)),
        static (p, r, _) => p.Queues.Remove(Text(r)),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Replicas_converge_to_equal_states_and_equal_rows(int seed)
    {
        using var folder = new TempFolder();
        var random = new Random(seed);
        var databases = new EdgeDatabase[3];
        var replicas = new ReplicaId[databases.Length];
        for (var i = 0; i < databases.Length; i++)
        {
            databases[i] = await EdgeDatabase.OpenAsync(folder[$"{i}.db"]);
            replicas[i] = await databases[i].GetReplicaIdAsync();
            await databases[i].Documents<Plant>().CountAsync();
        }
        for (var edit = 0; edit < EditCount; edit++)
        {
            var number = random.Next(databases.Length);
            var (mutate, other) = (s_edits[random.Next(s_edits.Length)], replicas[random.Next(replicas.Length)]);
            await databases[number].Documents<Plant>().EditAsync(Id(random), plant => mutate(plant, random, other));
            if (random.Next(40) == 0) await databases[number].Documents<Plant>().DeleteAsync(Id(random));
            if (random.Next(10) == 0) await Exchange.PushAsync(databases[number], databases[random.Next(databases.Length)]);
            if (random.Next(100) > 0) continue;
            await databases[number].DisposeAsync();
            databases[number] = await EdgeDatabase.OpenAsync(folder[$"{number}.db"]);
        }
        for (var round = 0; round < 2; round++)
            for (var i = 0; i < databases.Length; i++)
                await Exchange.PushAsync(databases[i], databases[(i + 1) % databases.Length]);

        var (hash, rows) = (await databases[0].GetStateHashAsync(), Rows(folder["0.db"]));
        Assert.NotEmpty(rows);
        for (var i = 0; i < databases.Length; i++)
        {
            Assert.Equal(hash, await databases[i].GetStateHashAsync());
            Assert.Equal(rows, Rows(folder[$"{i}.db"]));
            await Rebuilding.AssertEqualAsync(databases[i]);
            await databases[i].DisposeAsync();
        }
    }

    /// <summary>Any edit of any property.</summary>
    internal static void EditAny(Plant plant, Random random, ReplicaId other) => s_edits[random.Next(s_edits.Length)](plant, random, other);

    private static DocumentId Id(Random random) => DocumentId.Named($"{random.Next(2)}");

    private static string Text(Random random) => s_texts[random.Next(s_texts.Length)];

    private static Guid Key(Random random) => new(random.Next(2), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private static void Write(ReplicatedText text, Random random)
    {
        if (text.Length > 0 && random.Next(3) == 0) text.Value = "";
        else text.Append($"<{random.Next(100)}>");
    }

    private static void Write(ReplicatedRichText text, Random random)
    {
        var (start, end) = (random.Next(text.Length + 1), random.Next(text.Length + 1));
        var range = Math.Min(start, end)..Math.Max(start, end);
        switch (random.Next(5))
        {
            case 0: text.Mark(range, "bold", true); break;
            case 1: text.Mark(range, "link", random.Next(3), MarkExpansion.None); break;
            case 2: text.Unmark(range, random.Next(2) == 0 ? "bold" : "link"); break;
            case 3: text.Delete(range.Start.Value, Math.Min(3, range.End.Value - range.Start.Value)); break;
            default: text.Insert(start, $"<{random.Next(100)}>"); break;
        }
    }

    private static void Grow(ReplicatedTree<string> tree, Random random)
    {
        var nodes = tree.Select(static n => n.Id).Append(NodeId.Root).ToList();
        var (node, parent) = (nodes[random.Next(nodes.Count)], nodes[random.Next(nodes.Count)]);
        switch (random.Next(4))
        {
            case 0: tree.Delete(node); break;
            case 1:
                try { tree.Move(node, parent); }
                catch (ArgumentException) { /* below itself */ }
                break;
            default: tree.Insert(parent, random.Next(tree.Children(parent).Count + 1), Text(random)); break;
        }
    }

    private static void Order<T>(ReplicatedList<T> list, Random random, Func<Random, T> value)
    {
        var index = random.Next(list.Count + 1);
        if (index == list.Count || random.Next(2) == 0) list.Insert(index, value(random));
        else if (random.Next(3) == 0) list.RemoveAt(index);
        else if (random.Next(2) == 0) list[index] = value(random);
        else list.Move(index, random.Next(list.Count));
    }

    private static List<string> Rows(string path)
    {
        using var connection = PlainSql.Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT * FROM plant ORDER BY id";
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join(" | ", Enumerable.Range(1, reader.FieldCount - 1).Select(column => $"{reader.GetName(column)}={Convert.ToString(reader.GetValue(column), System.Globalization.CultureInfo.InvariantCulture)}")));
        return rows;
    }
}
