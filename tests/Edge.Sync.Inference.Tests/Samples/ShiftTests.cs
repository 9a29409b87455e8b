using System.Text.Json;
using FactoryFloor;
using FactoryFloor.Floor;
using FactoryFloor.Reporting;
using FactoryFloor.Simulation;

namespace Edge.Sync.Inference.Tests.Samples;

public class ShiftTests
{
    [Fact]
    public async Task Shift_with_a_cut_in_its_middle_ends_with_equal_replicas_and_nothing_lost()
    {
        var plant = new SimulatedPlant(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "press.onnx")));
        using var folder = ReplicaFolder.Open(wanted: null);
        await using var factory = await Factory.OpenAsync(folder.Path, plant);
        var shift = new Shift(factory, act: TimeSpan.FromMilliseconds(100));
        await shift.RunAsync(TestContext.Current.CancellationToken);

        Assert.True(shift.ReplicasEqual);
        Assert.True(shift.BadVersionWentBack);
        var inspection = await Inspection.FindAsync(factory.Presses[2].Node);
        Assert.Equal(75, inspection!.Minutes.Value);
        Assert.Equal(["bearing", "seal"], inspection.Parts.Order());
        Assert.Contains("seal replaced", inspection.Notes.Value, StringComparison.Ordinal);
        Assert.Contains("bearing ordered", inspection.Notes.Value, StringComparison.Ordinal);

        var figures = await Figures.OfAsync(factory, shift, plant, TimeSpan.FromSeconds(1));
        Assert.Equal((3, 3, 0), (figures.Detection.Windows, figures.Detection.Found, figures.Detection.FalseAlarms));
        // An order for each alarm, and the inspection.
        Assert.Equal(figures.Detection.Alarms + 1, await factory.Presses[1].Node.WorkOrders.CountAsync(TestContext.Current.CancellationToken));
        Assert.Equal(plant.Presses.Sum(p => p.Count), figures.Readings);
        Assert.InRange(figures.BytesSent, 1, figures.RawBytes / 10);
        // The version that has no answers was tried out by one press, for a moment.
        Assert.Contains("version 2 failed", Assert.Single(figures.ModelStops), StringComparison.Ordinal);
        Assert.DoesNotContain(2L, figures.ServedVersions);
        Assert.InRange(figures.Unanswered, 3, 200);
        AssertJson(figures);
    }

    [Fact]
    public void Folder_with_a_database_is_refused_and_a_temporary_one_is_removed()
    {
        string path;
        using (var folder = ReplicaFolder.Open(wanted: null))
        {
            path = folder.Path;
            File.WriteAllText(Path.Combine(path, "gateway.db"), "");
            Assert.Contains("gateway.db", Assert.Throws<global::FactoryFloor.Recording.InputException>(() => ReplicaFolder.Open(path)).Message, StringComparison.Ordinal);
        }
        Assert.False(Directory.Exists(path));
    }

    private static void AssertJson(Figures figures)
    {
        using var written = new MemoryStream();
        figures.WriteJson(written);
        using var json = JsonDocument.Parse(written.ToArray());
        var root = json.RootElement;
        Assert.Equal(figures.Readings, root.GetProperty("readings").GetInt64());
        Assert.Equal(figures.InsightsSent, root.GetProperty("insightsSent").GetInt64());
        Assert.Equal(figures.BytesSent, root.GetProperty("bytesSent").GetInt64());
        Assert.Equal(figures.RawBytes, root.GetProperty("rawBytes").GetInt64());
        Assert.Equal(figures.DecisionP50.TotalMilliseconds, root.GetProperty("decisionP50Ms").GetDouble());
        Assert.Equal(figures.DecisionP99.TotalMilliseconds, root.GetProperty("decisionP99Ms").GetDouble());
        Assert.Equal(3, root.GetProperty("windowsLabelled").GetInt32());
        Assert.Equal(3, root.GetProperty("windowsFound").GetInt32());
        Assert.Equal(0, root.GetProperty("falseAlarms").GetInt32());
        Assert.Equal(4, root.GetProperty("replicas").GetInt32());
        Assert.True(root.GetProperty("replicasEqual").GetBoolean());
        Assert.Equal(1, root.GetProperty("seconds").GetDouble());
    }
}
