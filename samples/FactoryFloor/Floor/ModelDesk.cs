using Edge.Sync.Inference;
using Edge.Sync.Inference.Onnx;
using FactoryFloor.Sensing;

namespace FactoryFloor.Floor;

/// <summary>Whoever looks after the model, at the gateway: publishes versions and rolls them out. It never speaks to a press; what it decides travels as documents.</summary>
internal sealed class ModelDesk(Node gateway, IPlant plant, string trialPress) : IAsyncDisposable
{
    private readonly EdgeInference _ai = EdgeInference.Create(gateway.Database);

    /// <summary>The version that came with the presses, so that there is one to go back to.</summary>
    public async Task PublishFirstAsync() => await _ai.Models.RollOutAsync(await PublishAsync(plant.Model, version: 1), RolloutPlan.AtOnce);

    /// <summary>A bad one: it has no answer to any row that is not all but usual. One press tries it out.</summary>
    public async Task RollOutBadAsync() =>
        await _ai.Models.RollOutAsync(await PublishAsync(Bad(), version: 2), new() { Rings = [trialPress], CanaryPercent = [100] });

    /// <summary>The first one's weights once more: in the shadow at every press, then in earnest at one, then everywhere.</summary>
    /// <remarks>An ONNX file is a list of fields, so one more entry of metadata (field 14: key, value) makes it another file of the same network.</remarks>
    public async Task RollOutAgainAsync() => await _ai.Models.RollOutAsync(await PublishAsync([.. plant.Model, 14 << 3 | 2, 8, 0x0A, 2, .. "no"u8, 0x12, 2, .. "03"u8], version: 3),
        new() { ShadowSample = 0.25, ShadowTolerance = 0.01, Rings = [trialPress], CanaryPercent = [100] });

    public Task<RolloutStatus> GetStatusAsync() => _ai.Models.GetRolloutAsync(Press.ModelName);

    public ValueTask DisposeAsync() => _ai.DisposeAsync();

    private Task<ModelVersion> PublishAsync(byte[] onnx, long version) => _ai.Models.PublishAsync(Press.ModelName, new MemoryStream(onnx), new(version));

    private byte[] Bad()
    {
        var width = plant.Features.Count;
        var graph = new OnnxGraph(Press.ModelName, version: 2);
        var factors = new float[width];
        Array.Fill(factors, float.MaxValue);
        graph.Output("reconstruction", graph.Mul(graph.Input("features", width), factors));
        var (zeros, ones) = (new float[width], new float[width]);
        Array.Fill(ones, 1);
        graph.Metadata(ModelMetadataKeys.Mean, zeros);
        graph.Metadata(ModelMetadataKeys.Scale, ones);
        return graph.ToArray();
    }
}
