namespace Edge.Sync.Inference;

public sealed partial class EdgeInference
{
    private readonly ModelCatalog? _catalog;

    /// <summary>The models that travel with the database.</summary>
    internal ModelCatalog Catalog => _catalog ?? throw new InvalidOperationException("There is no database behind this. Make it by EdgeInference.Create(database).");
}
