using System.Text.Json;
using Edge.Sync.Tests;

namespace Samples.Tests;

public class FederatedLoopTests
{
    [Fact]
    public async Task Model_that_devices_improve_together_is_as_good_as_one_trained_in_one_place_and_serves_everywhere()
    {
        using var folder = new TempFolder();
        using var loop = ChildProcess.Start(ChildProcess.Built("FederatedLoop"), folder.Path, "--devices", "4", "--rounds", "25", "--json", "figures.json");
        await loop.ReadToEndAsync();
        Assert.Equal("", loop.Errors);
        Assert.Equal(0, loop.ExitCode);
        using var figures = JsonDocument.Parse(await File.ReadAllTextAsync(folder["figures.json"], TestContext.Current.CancellationToken));
        var root = figures.RootElement;
        Assert.True(root.GetProperty("identical").GetBoolean());
        Assert.True(root.GetProperty("through").GetBoolean());
        Assert.True(root.GetProperty("federated").GetDouble() >= root.GetProperty("central").GetDouble() - 0.02);
        Assert.True(root.GetProperty("federated").GetDouble() > root.GetProperty("deviceOnlyMean").GetDouble());
        Assert.True(root.GetProperty("federated").GetDouble() > root.GetProperty("initial").GetDouble());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("epsilon").ValueKind);
    }

    [Theory]
    [InlineData("--devices", "2", "--devices is a number from 3 to 50")]
    [InlineData("--speed", "2", "no option --speed")]
    [InlineData("--data", "missing.csv", "missing.csv: cannot be read")]
    public async Task Wrong_input_ends_in_one_clear_error(string option, string value, string says)
    {
        using var folder = new TempFolder();
        using var loop = ChildProcess.Start(ChildProcess.Built("FederatedLoop"), folder.Path, option, value);
        await loop.ReadToEndAsync();
        Assert.Equal(2, loop.ExitCode);
        Assert.Contains(says, loop.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", loop.Errors, StringComparison.Ordinal);
    }
}
