using FederatedLoop;
using FederatedLoop.Data;

namespace Edge.Sync.Inference.Tests.Samples;

public class FederatedLoopTests
{
    private const int Devices = 5;
    private const double OnePoint = 0.01;

    [Fact]
    public async Task Circle_ends_within_a_point_of_central_learning_above_what_devices_learn_alone_and_with_the_same_bits()
    {
        var task = SimulatedMachines.Make(Devices, rowsEach: 300);
        await using var fleet = await Fleet.OpenAsync(task);
        var figures = await new Loop(task, fleet, FederatedLoop.CommandLine.Parse(["--rounds", "25"])).RunAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"first {figures.Initial:P1}, alone {figures.DeviceOnly.Average():P1}, federated {figures.Federated:P1}, central {figures.Central:P1}, {figures.Duration}");
        Assert.True(figures is { IsIdentical: true, IsThrough: true, Rounds: 25 });
        Assert.True(figures.Federated > figures.Central - OnePoint, "within a point of central");
        Assert.True(figures.Federated > figures.DeviceOnly.Average() + OnePoint && figures.Federated > figures.Initial + OnePoint, "better than alone, and than at first");
    }
}
