using System.Text;
using Edge.Sync.Generators.Documents;
using Edge.Sync.Generators.Series;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Edge.Sync.Generators;

/// <summary>Writes the other half of every struct with <c>[EdgeSeries]</c>, and says why where it cannot (ES0006).</summary>
[Generator]
public sealed class EdgeSeriesGenerator : IIncrementalGenerator
{
    /// <summary>The name of the pipeline's step that gives the models.</summary>
    public const string ModelStep = "SeriesModel";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var readings = context.SyntaxProvider.ForAttributeWithMetadataName("Edge.Sync.EdgeSeriesAttribute", static (node, _) => node is TypeDeclarationSyntax, SeriesReader.Read);
        context.RegisterSourceOutput(readings.Select(static (reading, _) => reading.Model).WithTrackingName(ModelStep), static (output, model) =>
        {
            if (model is not null) output.AddSource(DocumentWriter.FileNameOf(model.FullName), SourceText.From(SeriesWriter.Write(model), Encoding.UTF8));
        });
        context.RegisterSourceOutput(readings.Select(static (reading, _) => reading.Problems), static (output, problems) =>
        {
            foreach (var problem in problems)
                output.ReportDiagnostic(problem.ToDiagnostic());
        });
    }
}
