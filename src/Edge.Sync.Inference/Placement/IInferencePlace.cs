namespace Edge.Sync.Inference;

/// <summary>A place that computes: the seam behind which the device's own model, a gateway, or a service stands.</summary>
public interface IInferencePlace
{
    /// <summary>What is known of it right now.</summary>
    PlaceConditions Conditions { get; }

    /// <summary>Computes an answer.</summary>
    /// <param name="input">A row for the model; not to be kept.</param>
    /// <param name="output">Gets the answer.</param>
    /// <param name="cancellationToken">Cancelled when the deadline has passed.</param>
    ValueTask RunAsync(ReadOnlyMemory<float> input, Memory<float> output, CancellationToken cancellationToken);
}
