namespace Edge.Sync.Inference;

public sealed partial class EdgeInference
{
    private readonly ModelRegistry? _models;

    /// <summary>The models that travel with the database: publish, roll out, roll back.</summary>
    public ModelRegistry Models => _models ?? throw new InvalidOperationException("There is no database behind this. Make it by EdgeInference.Create(database).");
}
