using Edge.Sync.Tests.Database;
using Edge.Sync.Tests.Documents.Types;

namespace Edge.Sync.Tests.Copies;

/// <summary>One file, written before it was copied, started on two machines that go on apart: every kind of document merges, and what came before the copy counts once.</summary>
public class GoldenImageTests
{
    private static readonly DocumentId s_plant = DocumentId.Named("plant");
    private static readonly DocumentId s_gone = DocumentId.Named("gone");
    private static readonly DocumentId s_kept = DocumentId.Named("kept");

    public static TheoryData<string> Orders() =>
    [
        "a-b a-hub b-hub", "a-hub b-hub a-hub", "b-hub a-hub b-hub", "a-hub a-b b-hub", "b-hub a-b a-hub", "hub-a hub-b", "b-a",
        // One of them hears of the other through the hub before it writes again.
        "a-hub b-hub a! a-hub b! b-hub", "a-hub a! b-hub b! a-b",
    ];

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Golden_image_that_adds_9_before_the_copy_and_1_and_2_after_it_shows_12_everywhere(string order)
    {
        using var folder = new TempFolder();
        await using (var image = await EdgeDatabase.OpenAsync(folder["image.db"], Token))
            await WriteImageAsync(image);
        File.Copy(folder["image.db"], folder["a.db"]);
        File.Copy(folder["image.db"], folder["b.db"]);
        await using var a = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await using var b = await EdgeDatabase.OpenAsync(folder["b.db"], Token);
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        Assert.Equal(await a.GetReplicaIdAsync(Token), await b.GetReplicaIdAsync(Token));
        await WriteAsync(a, "a", 1);
        await WriteAsync(b, "b", 2);

        var databases = new Dictionary<string, EdgeDatabase> { ["a"] = a, ["b"] = b, ["hub"] = hub };
        var extra = 0;
        foreach (var step in order.Split(' '))
        {
            if (step.EndsWith('!'))
            {
                await databases[step[..^1]].Documents<Plant>().EditAsync(s_plant, static plant => plant.Minutes.Add(100), Token);
                extra += 100;
            }
            else await Meeting.MeetAsync(databases[step.Split('-')[0]], databases[step.Split('-')[1]]);
        }
        await Meeting.MeetAllAsync(a, b, hub);

        Assert.NotEqual(await a.GetReplicaIdAsync(Token), await b.GetReplicaIdAsync(Token));
        foreach (var database in databases.Values)
        {
            var plant = (await database.Documents<Plant>().FindAsync(s_plant, Token))!;
            Assert.Equal(12 + extra, plant.Minutes.Value);
            Assert.Equal(12, plant.Pieces.Value);
            Assert.Equal(10 - 1 - 2, plant.Seats.Value);
            Assert.Equal(2, plant.Peak.Value);
            Assert.Equal(["a", "b", "image"], plant.Tags.Order());
            Assert.Equal(["a", "b"], plant.Operators.Order());
            Assert.Equal(["a", "b"], plant.Status.Values.Select(static value => value.Value).Order());
            Assert.True(plant.NeedsAttention);
            Assert.False(plant.Consent);
            Assert.Equal("[a][b]!", Sorted(plant.Notes.Value));
            Assert.Equal("[a][b]!", Sorted(plant.Manual.Value));
            Assert.Equal(["!", "a", "b"], plant.Plan.Order());
            Assert.Equal((9 + 1, 9 + 2), (plant.Stock["a"].Value, plant.Stock["b"].Value));
            Assert.Equal((long)1, plant.Bins[Priority.High]["a"].Single());
            Assert.Equal("[a][b]!", Sorted(plant.Remarks["remark"].Value));
            Assert.Equal(["a", "b", "image", "root"], plant.Outline.Select(static node => node.Value).Order());
            Assert.Equal(["a", "b", "image"], plant.History.Order());
            Assert.Null(await database.Documents<Plant>().FindAsync(s_gone, Token));
            // Deleted on a, edited on b, who did not know.
            Assert.Equal("b", (await database.Documents<Plant>().FindAsync(s_kept, Token))!.Name);
            await Rebuilding.AssertEqualAsync(database);
        }
    }

    private static async Task WriteImageAsync(EdgeDatabase image)
    {
        var plants = image.Documents<Plant>();
        // Several changes, so that a feed is longer than what it forks behind.
        await plants.EditAsync(s_plant, static plant => plant.Minutes.Add(4), Token);
        await plants.EditAsync(s_plant, static plant =>
        {
            plant.Minutes.Add(5);
            plant.Pieces.Add(9);
            plant.Seats.Grant(10);
            plant.Peak.Reach(0.5);
            plant.Tags.Add("image");
            plant.Tags.Add("later removed");
            plant.Operators.Add("image");
            plant.Status.Value = "image";
            plant.NeedsAttention.Value = false;
            plant.Consent.Value = true;
            plant.Notes.Append("image!");
            plant.Manual.Append("image!");
            plant.Manual.Mark(..6, "bold", true);
            plant.Plan.Add("image");
            plant.Plan.Add("!");
            plant.Stock["a"].Add(9);
            plant.Stock["b"].Add(9);
            plant.Bins[Priority.High]["a"].Add(0);
            plant.Remarks["remark"].Append("image!");
            plant.Outline.Add("image", plant.Outline.Add("root"));
            plant.History.Append("image");
        }, Token);
        await plants.EditAsync(s_gone, static plant => plant.Name = "image", Token);
        await plants.EditAsync(s_kept, static plant => plant.Name = "image", Token);
    }

    /// <summary>Adds, and takes away what the image had, so that deltas name dots on both sides of the fork; then again, so that they name dots of the branch.</summary>
    private static async Task WriteAsync(EdgeDatabase database, string name, int amount)
    {
        var plants = database.Documents<Plant>();
        await plants.EditAsync(s_plant, plant =>
        {
            plant.Notes.Insert(5, $"[{name}");
            plant.Manual.Insert(5, $"[{name}");
            plant.Remarks["remark"].Insert(5, $"[{name}");
            plant.Status.Value = "soon replaced";
            plant.Tags.Add("soon removed");
            plant.Plan.Insert(1, name);
            plant.Plan.Insert(2, "soon removed");
            plant.NeedsAttention.Value = true;
            plant.Consent.Value = true;
        }, Token);
        await plants.EditAsync(s_plant, plant =>
        {
            plant.Minutes.Add(amount);
            plant.Pieces.Add(name == "a" ? 1 : 2);
            Assert.True(plant.Seats.TrySpend(amount));
            plant.Peak.Reach(amount);
            plant.Tags.Add(name);
            plant.Tags.Remove("later removed");
            plant.Tags.Remove("soon removed");
            plant.Operators.Remove("image");
            plant.Operators.Add(name);
            plant.Status.Value = name;
            plant.Consent.Value = false;
            plant.Notes.Insert(7, "]");
            // From what the image wrote into what stands behind it: one range of characters, cut where the feed forks.
            plant.Notes.Delete(0, 5);
            plant.Manual.Insert(7, "]");
            plant.Manual.Delete(0, 5);
            plant.Remarks["remark"].Insert(7, "]");
            plant.Remarks["remark"].Delete(0, 5);
            plant.Plan.RemoveAt(2);
            plant.Plan.RemoveAt(0);
            plant.Stock[name].Add(amount);
            plant.Bins[Priority.High]["a"].Remove(0);
            plant.Bins[Priority.High]["a"].Add(1);
            plant.Outline.Add(name, plant.Outline.First().Id);
            plant.History.Append(name);
        }, Token);
        await plants.DeleteAsync(s_gone, Token);
        if (name == "a") await plants.DeleteAsync(s_kept, Token);
        else await plants.EditAsync(s_kept, static plant => plant.Name = "b", Token);
    }

    // Which of two runs at one place comes first is nobody's promise.
    private static string Sorted(string text) => text.StartsWith("[b]", StringComparison.Ordinal) ? $"[a][b]{text[6..]}" : text;

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
