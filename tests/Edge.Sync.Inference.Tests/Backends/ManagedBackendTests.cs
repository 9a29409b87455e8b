using Edge.Sync.Inference.Backends.Managed;
using Edge.Sync.Inference.Onnx;
using Edge.Sync.Inference.Tests.Models;

namespace Edge.Sync.Inference.Tests.Backends;

public class ManagedBackendTests
{
    [Fact]
    public void Managed_network_answers_what_the_runtime_answers()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var bytes = Network(random);
            using var runtime = OpenModel.Onnx(bytes);
            using var managed = OpenModel.Managed(bytes, rows: 3);
            Assert.Equal((runtime.Model.InputWidth, runtime.Model.OutputWidth, runtime.Version), (managed.Model.InputWidth, managed.Model.OutputWidth, managed.Version));
            for (var run = 0; run < 20; run++)
            {
                var (input, output) = (runtime.Model.InputWidth, runtime.Model.OutputWidth);
                var rows = TestModels.Row(random, 3 * input);
                rows.CopyTo(managed.Input);
                managed.Run(3);
                for (var row = 0; row < 3; row++)
                {
                    rows.AsSpan(row * input, input).CopyTo(runtime.Input);
                    runtime.Run();
                    for (var i = 0; i < output; i++)
                        Assert.True(Math.Abs(runtime.Output[i] - managed.Output[row * output + i]) <= 1e-6f, $"seed {seed}: {runtime.Output[i]} and {managed.Output[row * output + i]}");
                }
            }
        }
    }

    [Fact]
    public void Changed_bytes_are_declined_or_mean_the_same_to_both()
    {
        var whole = Network(new Random(5));
        var random = new Random(6);
        var (agreed, declined) = (0, 0);
        for (var run = 0; run < 3_000; run++)
        {
            var bytes = (byte[])whole.Clone();
            bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            if (!new ManagedBackend(100_000).TryLoad(ModelContent.FromBytes("m", bytes), out var model, out _))
            {
                declined++;
                continue;
            }
            using var managed = model.CreateRunner(1);
            OpenModel runtime;
            try
            {
                runtime = OpenModel.Onnx(bytes);
            }
            catch (EdgeModelException)
            {
                // Such as a name that is no longer unique: no other meaning, only none.
                continue;
            }
            using (runtime)
            {
                Assert.Equal((runtime.Model.InputWidth, runtime.Model.OutputWidth), (model.InputWidth, model.OutputWidth));
                TestModels.Row(random, model.InputWidth).CopyTo(managed.Input);
                managed.Input.CopyTo(runtime.Input);
                managed.Run(1);
                runtime.Run();
                for (var i = 0; i < model.OutputWidth; i++)
                    Assert.True(Same(runtime.Output[i], managed.Output[i]), $"run {run}: {runtime.Output[i]} and {managed.Output[i]}");
                agreed++;
            }
        }
        Assert.True(agreed > 500 && declined > 50, $"{agreed} agreed, {declined} declined");

        static bool Same(float a, float b) => a.Equals(b) || !float.IsFinite(a) && !float.IsFinite(b) || Math.Abs(a - b) <= 1e-4f * Math.Max(1, Math.Max(Math.Abs(a), Math.Abs(b)));
    }

    [Fact]
    public void Cut_bytes_are_declined()
    {
        var whole = Network(new Random(5));
        for (var length = 0; length < whole.Length; length += 3)
            Assert.False(new ManagedBackend(100_000).TryLoad(ModelContent.FromBytes("m", whole.AsMemory(0, length)), out _, out _), $"{length} of {whole.Length}");
    }

    [Fact]
    public void Network_above_the_limit_is_left_to_the_next_backend_with_the_reason()
    {
        Assert.False(new ManagedBackend(10).TryLoad(ModelContent.FromBytes("m", TestModels.Zero(11)), out _, out var reason));
        Assert.Contains("11 parameters", reason, StringComparison.Ordinal);
        Assert.True(new ManagedBackend(11).TryLoad(ModelContent.FromBytes("m", TestModels.Zero(11)), out _, out _));
    }

    [Fact]
    public void Runs_allocate_nothing()
    {
        using var managed = OpenModel.Managed(Network(new Random(1)));
        managed.Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
            managed.Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>A network of a few layers whose shape and weights follow from the random source.</summary>
    private static byte[] Network(Random random)
    {
        var graph = new OnnxGraph("m", version: 3);
        var row = graph.Input("x", random.Next(1, 40));
        for (var layer = random.Next(1, 4); layer > 0; layer--)
        {
            var to = random.Next(1, 40);
            var (weights, bias) = TestModels.Layer(random, row.Width, to);
            // As a trained network has them: sums stay about 1.
            for (var i = 0; i < weights.Length; i++)
                weights[i] /= MathF.Sqrt(row.Width);
            row = graph.Gemm(row, weights, bias);
            row = random.Next(4) switch
            {
                0 => graph.Tanh(row),
                1 => graph.Relu(row),
                2 => graph.Sigmoid(row),
                _ => graph.Mul(graph.Sub(row, TestModels.Row(random, to)), TestModels.Row(random, to)),
            };
        }
        graph.Output("y", row);
        return graph.ToArray();
    }
}
