using Edge.Sync.Inference.Onnx;
using Edge.Sync.Inference.Tests.Models;

namespace Edge.Sync.Inference.Tests.Onnx;

public class OnnxGraphTests
{
    private const double Parity = 1e-6;

    public static MatrixTheoryData<string, bool> Operators => new(["Tanh", "Relu", "Sigmoid", "Sub", "Mul", "Gemm"], [false, true]);

    [Theory]
    [MemberData(nameof(Operators))]
    public void Operator_computes_what_it_means_in_the_runtime_and_in_managed_code(string operation, bool isManaged)
    {
        var random = new Random(11);
        var constants = TestModels.Row(random, 5);
        var (weights, bias) = TestModels.Layer(random, 5, 3);
        var graph = new OnnxGraph("operator");
        var input = graph.Input("x", 5);
        graph.Output("y", operation switch
        {
            "Tanh" => graph.Tanh(input),
            "Relu" => graph.Relu(input),
            "Sigmoid" => graph.Sigmoid(input),
            "Sub" => graph.Sub(input, constants),
            "Mul" => graph.Mul(input, constants),
            _ => graph.Gemm(input, weights, bias),
        });
        using var model = isManaged ? OpenModel.Managed(graph.ToArray()) : OpenModel.Onnx(graph.ToArray());

        for (var run = 0; run < 100; run++)
        {
            var x = TestModels.Row(random, 5);
            double[] expected = operation switch
            {
                "Tanh" => [.. x.Select(v => Math.Tanh(v))],
                "Relu" => [.. x.Select(v => Math.Max(0.0, v))],
                "Sigmoid" => [.. x.Select(v => 1 / (1 + Math.Exp(-v)))],
                "Sub" => [.. x.Select((v, i) => (double)v - constants[i])],
                "Mul" => [.. x.Select((v, i) => (double)v * constants[i])],
                _ => [.. Enumerable.Range(0, 3).Select(o => bias[o] + Enumerable.Range(0, 5).Sum(i => (double)x[i] * weights[i * 3 + o]))],
            };
            x.CopyTo(model.Input);
            model.Run();
            for (var i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], model.Output[i], Parity);
        }
    }

    [Fact]
    public void Header_of_a_written_model_is_read_back()
    {
        var graph = new OnnxGraph("press", version: 8);
        graph.Output("y", graph.Tanh(graph.Input("x", 2)));
        graph.Metadata("weights", [0.1f, float.MaxValue, -1e-30f]);
        using var model = OpenModel.Onnx(graph.ToArray());

        Assert.Equal(8, model.Version);
        Assert.Equal([0.1f, float.MaxValue, -1e-30f], model.Metadata["weights"].Split(',').Select(v => float.Parse(v, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Same_calls_give_the_same_bytes() => Assert.Equal(TestModels.Zero(9), TestModels.Zero(9));

    [Fact]
    public void Written_bytes_are_pinned()
    {
        var graph = new OnnxGraph("n");
        graph.Output("y", graph.Sub(graph.Input("x", 1), [1f]));

        // model { ir 8, producer, version 1, graph { nodes Sub and Identity, name, constant, input, output }, operator set 17 }
        Assert.Equal(
            "0808" + "1209456467652E53796E63" + "2801"
            + "3A62"
            + "0A10" + "0A0178" + "0A022F31" + "12022F32" + "2203537562"
            + "0A11" + "0A022F32" + "120179" + "22084964656E74697479"
            + "12016E"
            + "2A0E" + "0801" + "1001" + "42022F31" + "4A040000803F"
            + "5A13" + "0A0178" + "120E0A0C080112080A0208010A020801"
            + "6213" + "0A0179" + "120E0A0C080112080A0208010A020801"
            + "42021011",
            Convert.ToHexString(graph.ToArray()));
    }

    [Fact]
    public void Wrong_use_is_refused_with_what_was_expected()
    {
        var graph = new OnnxGraph("n");
        Assert.Throws<InvalidOperationException>(graph.ToArray);
        var x = graph.Input("x", 3);

        Assert.Throws<InvalidOperationException>(() => graph.Input("again", 3));
        Assert.Contains("has 6 weights, not 5", Assert.Throws<ArgumentException>(() => graph.Gemm(x, new float[5], new float[2])).Message, StringComparison.Ordinal);
        Assert.Contains("3 values", Assert.Throws<ArgumentException>(() => graph.Sub(x, new float[2])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new OnnxGraph("other").Tanh(x));
    }
}
