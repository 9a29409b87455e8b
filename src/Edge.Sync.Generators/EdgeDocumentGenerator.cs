using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators;

[Generator]
public sealed class EdgeDocumentGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context) { }
}
