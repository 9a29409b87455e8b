using FactoryFloor;
using FactoryFloor.Recording;

namespace Edge.Sync.Inference.Tests.Samples;

public class CommandLineTests
{
    [Fact]
    public void Options_are_read()
    {
        var line = CommandLine.Parse(["--data", "a.csv", "--labels", "l.json", "--json", "j.json", "--plot", "p.svg", "--out", "dir"]);
        Assert.Equal((false, "a.csv", "l.json", "j.json", "p.svg", "dir"), (line.Train, line.Data, line.Labels, line.Json, line.Plot, line.Out));
        Assert.True(CommandLine.Parse(["train", "--out", "m.onnx"]).Train);
        Assert.True(CommandLine.Parse(["--help"]).Help);
    }

    [Theory]
    [InlineData("there is no option --speed", "--speed", "3")]
    [InlineData("--data needs a value", "--data")]
    [InlineData("give --data as well", "--labels", "l.json")]
    [InlineData("no option --json of train", "train", "--json", "j.json")]
    public void Wrong_use_is_told_with_the_usage(string expected, params string[] arguments)
    {
        var error = Assert.Throws<InputException>(() => CommandLine.Parse(arguments));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("FactoryFloor train", error.Message, StringComparison.Ordinal);
    }
}
