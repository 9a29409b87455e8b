using System.Text;
using Edge.Sync.Generators.Documents;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Edge.Sync.Generators;

/// <summary>Writes the other half of every class with <c>[EdgeDocument]</c>, and says why where it cannot (ES0006).</summary>
/// <remarks>
/// Two outputs, so that the source is written anew only when the class's meaning changes: its places in the file are known to the problems
/// alone. A generator reports them, not an analyzer: the compiler leaves out analyzers when declarations have errors, and a partial
/// property without its other half is one.
/// </remarks>
[Generator]
public sealed class EdgeDocumentGenerator : IIncrementalGenerator
{
    /// <summary>The name of the pipeline's step that gives models and problems.</summary>
    public const string ReadingStep = "DocumentReading";

    /// <summary>The name of the pipeline's step that gives the models alone.</summary>
    public const string ModelStep = "DocumentModel";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var readings = context.SyntaxProvider.ForAttributeWithMetadataName(
            "Edge.Sync.EdgeDocumentAttribute", static (node, _) => node is TypeDeclarationSyntax, DocumentReader.Read)
            .WithTrackingName(ReadingStep);

        var models = readings.Select(static (reading, _) => reading.Model).WithTrackingName(ModelStep);
        context.RegisterSourceOutput(models, static (output, model) =>
        {
            if (model is not null) output.AddSource(DocumentWriter.FileNameOf(model), SourceText.From(DocumentWriter.Write(model), Encoding.UTF8));
        });

        context.RegisterSourceOutput(readings.Select(static (reading, _) => reading.Problems), static (output, problems) =>
        {
            foreach (var problem in problems)
                output.ReportDiagnostic(problem.ToDiagnostic());
        });
    }
}
