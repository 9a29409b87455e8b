using Edge.Sync.Inference;
using FederatedLoop.Data;

namespace FederatedLoop;

/// <summary>The circle: train, deploy, learn locally, improve together, deploy again.</summary>
internal sealed class Loop(LearningTask task, Fleet fleet, CommandLine line)
{
    private const int Epochs = 20;
    private const int TrialsMax = 100;
    private const double Delta = 1e-5;

    public async Task<Figures> RunAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        Say("train", $"a first model at the gateway, on {task.Initial.Count} rows");
        var first = Teacher.NewNetwork(task.FeatureCount);
        Teacher.Learn(first, Teacher.ToTrainingSet(task.Initial, task.FeatureCount), Epochs);

        Say("deploy", $"version 1 to {fleet.Devices.Count} devices");
        var models = fleet.Gateway.Ai.Models;
        using var onnx = new MemoryStream(first.ToOnnx(Device.Model, version: 1).ToArray());
        var version = await models.PublishAsync(Device.Model, onnx, new(1));
        await models.RollOutAsync(version, RolloutPlan.AtOnce);
        await fleet.SettleAsync();
        foreach (var device in fleet.Devices)
            await device.ServeAsync(task.FeatureCount);
        var initial = Served();

        var (rounds, epsilon, isIdentical) = await LearnTogetherAsync(version);

        Say("deploy again", "version 2: one device tries it out, then all");
        var next = await fleet.Gateway.Ai.Federate(version, Options).PublishAsync(new(2));
        var isThrough = await BringThroughAsync(next);
        return new()
        {
            Task = task.Title,
            Devices = fleet.Devices.Count,
            Rounds = rounds,
            TrainRows = task.Devices.Sum(static d => d.Train.Count),
            TestRows = task.Devices.Sum(static d => d.Test.Count),
            Initial = initial,
            Central = Central(first),
            Federated = Served(),
            DeviceOnly = [.. task.Devices.Select(device => DeviceOnly(first, device))],
            Epsilon = epsilon,
            Delta = Delta,
            IsIdentical = isIdentical,
            IsThrough = isThrough && fleet.Devices.All(static d => d.ServedVersion == 2),
            BytesPerDevice = fleet.Devices.Sum(static d => d.BytesSent) / fleet.Devices.Count,
            Duration = TimeProvider.System.GetElapsedTime(started),
        };
    }

    private FederatedOptions Options => new() { Clip = 2, NoiseMultiplier = line.Noise, DevicesMin = fleet.Devices.Count };

    private async Task<(int Rounds, double Epsilon, bool IsIdentical)> LearnTogetherAsync(ModelVersion version)
    {
        Say("learn locally, improve together", $"{line.Rounds} rounds");
        var rows = fleet.Devices.Select(device => Teacher.ToTrainingSet(device.Data!.Train, task.FeatureCount)).ToList();
        var members = fleet.Devices.Select(device => device.Ai.Federate(version, Options)).ToList();
        var gateway = fleet.Gateway.Ai.Federate(version, Options);
        for (var round = 0; round < line.Rounds; round++)
        {
            for (var i = 0; i < members.Count; i++)
            {
                var (open, network) = await members[i].OpenAsync();
                Teacher.LearnForRound(network, rows[i], open);
                await members[i].ContributeAsync(open, network);
            }
            await fleet.SettleAsync();
            if (await gateway.TryCloseAsync() is null)
                throw new InputException("A contribution did not arrive.");
            await fleet.SettleAsync();
        }
        var closed = await gateway.ListAsync();
        var isIdentical = true;
        foreach (var member in members)
            isIdentical &= (await member.ListAsync())[^1].Parameters.SequenceEqual(closed[^1].Parameters);
        return (closed.Count, (await gateway.GetAccountAsync()).ComputeEpsilon(Delta), isIdentical);
    }

    // Whoever serves it answers rows, and reports; any replica that has the evidence takes the next step.
    private async Task<bool> BringThroughAsync(ModelVersion next)
    {
        await fleet.Gateway.Ai.Models.RollOutAsync(next, new() { Rings = ["trial"], CanaryPercent = [100], FramesMin = 100 });
        for (var trial = 0; trial < TrialsMax; trial++)
        {
            await fleet.SettleAsync();
            foreach (var device in fleet.Devices)
            {
                await device.RefreshAsync();
                device.AnswerAll();
                await device.RefreshAsync();
            }
            if ((await fleet.Gateway.Ai.Models.GetRolloutAsync(Device.Model)).Stable?.Id == next.Id)
            {
                await fleet.SettleAsync();
                foreach (var device in fleet.Devices)
                    await device.RefreshAsync();
                return true;
            }
        }
        return false;
    }

    private double Served() => (double)fleet.Devices.Sum(static d => d.AnswerAll()) / task.Devices.Sum(static d => d.Test.Count);

    // As if all rows could be brought to one place.
    private double Central(TrainableNetwork first)
    {
        var network = first.Clone();
        Teacher.Learn(network, Teacher.ToTrainingSet(task.Devices.SelectMany(static d => d.Train), task.FeatureCount), Epochs);
        return Teacher.Accuracy(network, task.Devices.SelectMany(static d => d.Test));
    }

    // As if a device had nobody to learn with: judged on everybody's rows, as a machine that is moved, or changes, would be.
    private double DeviceOnly(TrainableNetwork first, DeviceData device)
    {
        var network = first.Clone();
        Teacher.Learn(network, Teacher.ToTrainingSet(device.Train, task.FeatureCount), Epochs);
        return Teacher.Accuracy(network, task.Devices.SelectMany(static d => d.Test));
    }

    private static void Say(string step, string what) => Console.WriteLine($"{step}: {what}");
}
