using System.Globalization;
using Edge.Sync.Inference.Tests.Models;
using FactoryFloor;
using FactoryFloor.Detection;
using FactoryFloor.Simulation;
using FactoryFloor.Training;

namespace Edge.Sync.Inference.Tests.Samples;

public class TrainingTests
{
    private static readonly string s_committed = Path.Combine(AppContext.BaseDirectory, "press.onnx");

    [Fact]
    public void Runtime_and_managed_network_agree_on_random_rows()
    {
        var network = new Autoencoder(24, 8, new SeededRandom(3));
        using var model = OpenModel.Onnx(network.ToOnnx("ae").ToArray());
        var random = new Random(4);
        var (code, output) = (new float[8], new float[24]);
        for (var run = 0; run < 1_000; run++)
        {
            var row = TestModels.Row(random, 24);
            network.Reconstruct(row, code, output);
            row.CopyTo(model.Input);
            model.Run();
            for (var i = 0; i < output.Length; i++)
                Assert.Equal(output[i], model.Output[i], 1e-6f);
        }
    }

    [Fact]
    public void Training_again_reproduces_the_committed_model()
    {
        using var committed = OpenModel.Onnx(File.ReadAllBytes(s_committed));
        using var trained = OpenModel.Onnx(SimulatedPlant.TrainModel());
        var random = new Random(5);
        for (var run = 0; run < 1_000; run++)
        {
            var row = TestModels.Row(random, committed.Input.Length);
            row.CopyTo(committed.Input);
            row.CopyTo(trained.Input);
            committed.Run();
            trained.Run();
            for (var i = 0; i < committed.Output.Length; i++)
                Assert.Equal(committed.Output[i], trained.Output[i], 1e-5f);
        }
        foreach (var key in new[] { ModelMetadataKeys.Mean, ModelMetadataKeys.Scale, ModelMetadataKeys.ScoreScale })
            foreach (var (before, now) in Numbers(committed, key).Zip(Numbers(trained, key)))
                Assert.Equal(before, now, 1e-5f);
    }

    [Fact]
    public void Training_lowers_the_error_on_what_it_was_trained_on()
    {
        var random = new SeededRandom(6);
        var network = new Autoencoder(8, 3, random);
        var rows = Enumerable.Range(0, 300).Select(i => Enumerable.Range(0, 8).Select(j => MathF.Sin(i * 0.1f + j)).ToArray()).ToList();
        var before = MeanError(network, rows);
        var trainer = new AutoencoderTrainer(network, signalCount: 1, random);
        for (var epoch = 0; epoch < 30; epoch++)
            trainer.Epoch(rows, 0.1f);

        Assert.InRange(MeanError(network, rows), 0, before / 2);
    }

    [Fact]
    public async Task Committed_model_finds_every_simulated_fault_and_raises_no_false_alarm()
    {
        var plant = new SimulatedPlant(File.ReadAllBytes(s_committed));
        var (alarms, insights, metrics) = await PlantWatch.RunAsync(plant);
        var report = DetectionReport.Of(plant.Labels, alarms);

        Assert.Equal((3, 3, 0), (report.Windows, report.Found, report.FalseAlarms));
        Assert.Equal(plant.Presses.Sum(p => p.Count), metrics.Readings);
        Assert.InRange(insights, report.Alarms, metrics.Readings / 1_000);
    }

    private static float MeanError(Autoencoder network, List<float[]> rows)
    {
        var (code, output) = (new float[network.Hidden], new float[network.Width]);
        return rows.Average(row =>
        {
            network.Reconstruct(row, code, output);
            return ModelScore.ReconstructionError(row, output);
        });
    }

    private static float[] Numbers(OpenModel model, string key) => [.. model.Metadata[key].Split(',').Select(static v => float.Parse(v, CultureInfo.InvariantCulture))];
}
