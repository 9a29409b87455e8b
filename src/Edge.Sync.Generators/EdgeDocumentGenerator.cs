using System.Text;
using Edge.Sync.Generators.Documents;
using Edge.Sync.Generators.Events;
using Edge.Sync.Generators.Schema;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Edge.Sync.Generators;

/// <summary>Writes the other half of every class with <c>[EdgeDocument]</c> or <c>[EdgeObject]</c> and every record with <c>[EdgeEvent]</c>, and says why where it cannot (ES0006).</summary>
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
        const string Document = "Edge.Sync.EdgeDocumentAttribute";
        var models = Read(context, Document, ReadingStep, ModelStep);
        Read(context, "Edge.Sync.EdgeObjectAttribute", "ObjectReading", "ObjectModel");

        var events = ReadEvents(context);

        var names = context.SyntaxProvider.ForAttributeWithMetadataName(Document, static (node, _) => node is TypeDeclarationSyntax, static (document, _) => CollectionNames.Read(document)).Collect();
        context.RegisterSourceOutput(names, static (output, names) =>
        {
            foreach (var problem in CollectionNames.FindClashes(names))
                output.ReportDiagnostic(problem.ToDiagnostic());
        });

        var locks = context.AdditionalTextsProvider.Where(static text => Path.GetFileName(text.Path) == LockFile.Name).Select(static (text, cancellation) => (text.Path, Text: text.GetText(cancellation)?.ToString() ?? ""));
        context.RegisterSourceOutput(locks.Combine(names.Combine(models.Collect().Combine(events.Collect()))), static (output, schema) =>
        {
            foreach (var problem in SchemaLock.Check(schema.Left.Text, schema.Left.Path, schema.Right.Left, schema.Right.Right.Left, schema.Right.Right.Right))
                output.ReportDiagnostic(problem);
        });
    }

    private static IncrementalValuesProvider<EventModel?> ReadEvents(IncrementalGeneratorInitializationContext context)
    {
        var readings = context.SyntaxProvider.ForAttributeWithMetadataName(EventReader.Attribute, static (node, _) => node is TypeDeclarationSyntax, EventReader.Read);
        var models = readings.Select(static (reading, _) => reading.Model);
        context.RegisterSourceOutput(models, static (output, model) =>
        {
            if (model is not null) output.AddSource(EventWriter.FileNameOf(model), SourceText.From(EventWriter.Write(model), Encoding.UTF8));
        });
        context.RegisterSourceOutput(readings.Select(static (reading, _) => reading.Problems), static (output, problems) =>
        {
            foreach (var problem in problems)
                output.ReportDiagnostic(problem.ToDiagnostic());
        });
        return models;
    }

    private static IncrementalValuesProvider<DocumentModel?> Read(IncrementalGeneratorInitializationContext context, string attribute, string readingStep, string modelStep)
    {
        var readings = context.SyntaxProvider.ForAttributeWithMetadataName(attribute, static (node, _) => node is TypeDeclarationSyntax, DocumentReader.Read)
            .WithTrackingName(readingStep);

        var models = readings.Select(static (reading, _) => reading.Model).WithTrackingName(modelStep);
        context.RegisterSourceOutput(models, static (output, model) =>
        {
            if (model is not null) output.AddSource(DocumentWriter.FileNameOf(model.FullName), SourceText.From(DocumentWriter.Write(model), Encoding.UTF8));
        });

        context.RegisterSourceOutput(readings.Select(static (reading, _) => reading.Problems), static (output, problems) =>
        {
            foreach (var problem in problems)
                output.ReportDiagnostic(problem.ToDiagnostic());
        });
        return models;
    }
}
