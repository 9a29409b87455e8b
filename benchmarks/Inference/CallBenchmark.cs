using System.Globalization;
using Edge.Sync.Inference;
using Edge.Sync.Inference.Backends.Managed;
using Edge.Sync.Inference.Backends.OnnxRuntime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Edge.Sync.Benchmarks.Inference;

/// <summary>One row through one model: as ONNX Runtime's samples do it, by binding, in managed code.</summary>
internal static class CallBenchmark
{
    public static void Run()
    {
        foreach (var widths in new int[][] { [8, 16, 1], [8, 12, 6], [24, 8, 24], [32, 64, 64, 4], [128, 256, 256, 10] })
        {
            var name = string.Join('-', widths);
            Console.WriteLine($"a call, {name}, {Networks.Parameters(widths)} parameters");
            var bytes = Networks.Dense(widths);
            using var session = OnnxSession.Open(ModelContent.FromBytes(name, bytes));
            using var bound = session.CreateRunner(1);
            using var plain = new InferenceSession(bytes);
            if (!new ManagedBackend(int.MaxValue / 64).TryLoad(ModelContent.FromBytes(name, bytes), out var network, out var reason)) throw new InvalidOperationException(reason);
            using var managed = network.CreateRunner(1);
            var input = new float[widths[0]];
            for (var i = 0; i < input.Length; i++) input[i] = (i % 7 - 3) / 3f;
            input.CopyTo(bound.Input);
            input.CopyTo(managed.Input);
            bound.Run(1);
            managed.Run(1);
            var difference = 0f;
            for (var i = 0; i < widths[^1]; i++) difference = Math.Max(difference, Math.Abs(bound.Output[i] - managed.Output[i]));
            var results = Turns.Measure(widths[0] > 100 ? 2_000 : 10_000,
                ("as samples do: default session, NamedOnnxValue, ToArray", calls => { for (var i = 0; i < calls; i++) Ordinary(plain, input); }
            ),
                ("NamedOnnxValue and Run, the session as here", calls => { for (var i = 0; i < calls; i++) Named(session.Session, input); }
            ),
                ("bound once, RunWithBinding", calls => { for (var i = 0; i < calls; i++) bound.Run(1); }
            ),
                ("managed", calls => { for (var i = 0; i < calls; i++) managed.Run(1); }
            ));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  bound {results[0].Median / results[2].Median:0.0} times as fast as samples, {results[1].Median / results[2].Median:0.0} times as fast as NamedOnnxValue; managed {results[2].Median / results[3].Median:0.0} times as fast as bound; greatest difference {difference:0.0e0}"));
        }
    }

    // The code that the runtime's own introduction shows.
    private static float[] Ordinary(InferenceSession session, float[] input)
    {
        var inputs = new List<NamedOnnxValue> { NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(input, [1, input.Length])) };
        using var outputs = session.Run(inputs);
        return outputs[0].AsEnumerable<float>().ToArray();
    }

    private static float Named(InferenceSession session, float[] input)
    {
        var tensor = new DenseTensor<float>(input, [1, input.Length]);
        using var outputs = session.Run([NamedOnnxValue.CreateFromTensor("x", tensor)]);
        return outputs[0].AsTensor<float>().GetValue(0);
    }
}
