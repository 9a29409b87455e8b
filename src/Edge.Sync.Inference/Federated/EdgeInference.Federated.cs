namespace Edge.Sync.Inference;

public sealed partial class EdgeInference
{
    /// <summary>Rounds in which devices improve a version of a model together. All of them begin with the same version and options.</summary>
    public FederatedLearning Federate(ModelVersion from, FederatedOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(from);
        return new(_database ?? throw new InvalidOperationException("There is no database behind this. Make it by EdgeInference.Create(database)."), Models, from, options ?? new());
    }
}
