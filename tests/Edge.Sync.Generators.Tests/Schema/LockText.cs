using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Edge.Sync.Generators.Tests.Schema;

/// <summary>A schema lock file beside a project.</summary>
internal sealed class LockText(string text) : AdditionalText
{
    public override string Path => "/app/edge-sync.schema.json";

    public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
}
