using Edge.Sync.Inference.Backends.Managed;
using Edge.Sync.Inference.Backends.OnnxRuntime;

namespace Edge.Sync.Inference.Tests.Models;

/// <summary>A loaded model with one runner.</summary>
internal sealed class OpenModel : IDisposable
{
    private readonly IModelRunner _runner;

    private OpenModel(ILoadedModel model, int rows) => (Model, _runner) = (model, model.CreateRunner(rows));

    public ILoadedModel Model { get; }

    public Span<float> Input => _runner.Input;

    public ReadOnlySpan<float> Output => _runner.Output;

    public long? Version => Model.Version;

    public IReadOnlyDictionary<string, string> Metadata => Model.Metadata;

    public static OpenModel Onnx(byte[] bytes, int rows = 1) => new(OnnxSession.Open(ModelContent.FromBytes("onnx", bytes)), rows);

    public static OpenModel Managed(byte[] bytes, int rows = 1)
    {
        Assert.True(new ManagedBackend(int.MaxValue / 64).TryLoad(ModelContent.FromBytes("managed", bytes), out var model, out var reason), reason);
        return new(model, rows);
    }

    public void Run(int rows = 1) => _runner.Run(rows);

    public void Dispose()
    {
        _runner.Dispose();
        Model.Dispose();
    }
}
