using System.Text.Json;
using Edge.Sync.Tests;

namespace Samples.Tests;

public class FactoryFloorTests
{
    [Fact]
    public async Task Shift_ends_with_equal_replicas_and_every_fault_found()
    {
        using var folder = new TempFolder();
        using var floor = ChildProcess.Start(ChildProcess.Built("FactoryFloor"), folder.Path, "--json", "figures.json", "--out", ".");
        await floor.ReadToEndAsync();
        Assert.Equal("", floor.Errors);
        Assert.Equal(0, floor.ExitCode);
        using var figures = JsonDocument.Parse(await File.ReadAllTextAsync(folder["figures.json"], TestContext.Current.CancellationToken));
        var root = figures.RootElement;
        Assert.True(root.GetProperty("replicasEqual").GetBoolean());
        Assert.Equal(4, root.GetProperty("replicas").GetInt32());
        Assert.Equal(root.GetProperty("windowsLabelled").GetInt32(), root.GetProperty("windowsFound").GetInt32());
        Assert.True(root.GetProperty("bytesSent").GetInt64() < root.GetProperty("rawBytes").GetInt64() / 10);
        Assert.Equal(1, root.GetProperty("modelStops").GetInt32());
        Assert.DoesNotContain(2, root.GetProperty("servedVersions").EnumerateArray().Select(static v => v.GetInt32()));
        Assert.True(root.GetProperty("insightsSent").GetInt64() <= root.GetProperty("readings").GetInt64() * 0.06);
        foreach (var key in (string[])["decisionP50Ms", "decisionP99Ms", "falseAlarms", "seconds"])
            Assert.True(root.GetProperty(key).GetDouble() >= 0);
        foreach (var replica in (string[])["gateway", "press-1", "press-2", "press-3"])
            Assert.True(new FileInfo(folder[$"{replica}.db"]).Length > 0);
    }

    [Theory]
    [InlineData(null, "no such file")]
    [InlineData("timestamp,value\n2013-12-02 21:15:00,73.9\n2013-12-02 21:20:00,warm\n", "line 3")]
    [InlineData("time;temperature\n1;2\n", "line 1")]
    [InlineData("", "timestamp,value")]
    public async Task Recording_that_is_missing_or_malformed_ends_in_one_clear_error(string? content, string says)
    {
        using var folder = new TempFolder();
        if (content is not null) await File.WriteAllTextAsync(folder["data.csv"], content, TestContext.Current.CancellationToken);
        using var floor = ChildProcess.Start(ChildProcess.Built("FactoryFloor"), folder.Path, "--data", "data.csv");
        await floor.ReadToEndAsync();
        Assert.NotEqual(0, floor.ExitCode);
        Assert.Contains("data.csv", floor.Errors, StringComparison.Ordinal);
        Assert.Contains(says, floor.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", floor.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_with_databases_of_its_own_is_left_as_it_is()
    {
        using var folder = new TempFolder();
        var bytes = new byte[5000];
        new Random(1).NextBytes(bytes);
        await File.WriteAllBytesAsync(folder["press-1.db"], bytes, TestContext.Current.CancellationToken);
        using var floor = ChildProcess.Start(ChildProcess.Built("FactoryFloor"), folder.Path, "--out", ".");
        await floor.ReadToEndAsync();
        Assert.NotEqual(0, floor.ExitCode);
        Assert.Contains("press-1.db", floor.Errors, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(folder["press-1.db"], TestContext.Current.CancellationToken));
    }
}
