using Edge.Sync.Inference.Onnx;
using Edge.Sync.Inference.Serving;

namespace Edge.Sync.Inference.Tests.Models;

public class OnnxModelErrorTests
{
    private const long BytesMax = 1 << 20;

    [Fact]
    public void Missing_file_is_named()
    {
        var path = Path.Combine(Path.GetTempPath(), "no-such-folder", "press.onnx");
        var error = Assert.Throws<EdgeModelException>(() => Load(ModelContent.FromFile(path)));

        Assert.Equal((EdgeErrorCode.InvalidModel, "press", null), (error.Code, error.Model, error.Version));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_in_place_of_a_file_is_an_error_of_the_model()
    {
        Assert.Throws<EdgeModelException>(() => Load(ModelContent.FromFile(Path.GetTempPath())));
    }

    [Fact]
    public void File_of_other_content_is_called_damaged()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "timestamp,value\n2026-01-01,1\n");
            var error = Assert.Throws<EdgeModelException>(() => Load(ModelContent.FromFile(path)));
            Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
            File.WriteAllBytes(path, []);
            Assert.Contains("empty", Assert.Throws<EdgeModelException>(() => Load(ModelContent.FromFile(path))).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Model_over_the_size_limit_is_not_opened()
    {
        var error = Assert.Throws<EdgeModelException>(() => Load(ModelContent.FromBytes("big", new byte[101]), bytesMax: 100));
        Assert.Contains(nameof(EdgeInferenceOptions.ModelBytesMax), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Truncated_model_never_escapes_as_another_error()
    {
        var whole = TestModels.Zero(6);
        for (var length = 0; length < whole.Length; length++)
            Assert.ThrowsAny<EdgeModelException>(() => Load(ModelContent.FromBytes("cut", whole.AsMemory(0, length))).Dispose());
    }

    [Fact]
    public void Model_with_one_wrong_byte_loads_and_runs_or_says_that_it_is_invalid()
    {
        var graph = new OnnxGraph("press");
        var (weights, bias) = TestModels.Layer(new Random(1), 4, 4);
        graph.Output("y", graph.Tanh(graph.Gemm(graph.Input("x", 4), weights, bias)));
        var whole = graph.ToArray();
        var random = new Random(2);
        var refused = 0;
        for (var run = 0; run < 2_000; run++)
        {
            var bytes = (byte[])whole.Clone();
            bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            try
            {
                using var model = Load(ModelContent.FromBytes("flipped", bytes));
                using var runner = model.CreateRunner(1);
                runner.Run(1);
            }
            catch (EdgeModelException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 1, 1_999);
    }

    private static ILoadedModel Load(ModelContent content, long bytesMax = BytesMax)
    {
        var options = new EdgeInferenceOptions { ModelBytesMax = bytesMax }.UseOnnxRuntime();
        var host = new ModelHost(options);
        lock (host.Gate)
            return host.Load(content, host.CreateSlot(content.Name));
    }
}
