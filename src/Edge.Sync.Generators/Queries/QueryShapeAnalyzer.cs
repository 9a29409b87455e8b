using System.Collections.Immutable;
using Edge.Sync.Generators.Callbacks;
using Edge.Sync.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Edge.Sync.Generators.Queries;

/// <summary>ES0003: a part of a query's lambda that the library cannot translate to SQL, and would throw on when the query is made.</summary>
/// <remarks>Mirrors ConditionTranslator of the library, which a test holds it to. What it does not know for sure it lets pass.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class QueryShapeAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.QueryShape];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterOperationAction(Analyze, OperationKind.Invocation);
    }

    private static void Analyze(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (!EditCallback.IsOurs(call.TargetMethod.ContainingType) || call.TargetMethod.ContainingType.Name is not ("DocumentQuery" or "DocumentSet" or "OrderedDocumentQuery")) return;
        var isKey = call.TargetMethod.Name is "OrderBy" or "OrderByDescending" or "ThenBy" or "ThenByDescending";
        if (!isKey && call.TargetMethod.Name is not ("Where" or "FirstOrDefaultAsync" or "CountAsync" or "AnyAsync")) return;
        if (call.Arguments.Length == 0 || call.Arguments[0].Value.DescendantsAndSelf().OfType<IAnonymousFunctionOperation>().FirstOrDefault() is not { } lambda) return;
        if (lambda.Symbol.Parameters.Length != 1 || lambda.Body.Operations.OfType<IReturnOperation>().FirstOrDefault()?.ReturnedValue is not { } body) return;
        var shape = new QueryShape(lambda.Symbol.Parameters[0], (part, hint) =>
            context.ReportDiagnostic(Diagnostic.Create(
                Descriptors.QueryShape, part.Syntax.GetLocation(), hint == QueryShape.LocalHint ? Descriptors.CuredBy(Cure.Local) : null, part.Syntax.ToString(), hint)));
        if (isKey) shape.CheckKey(body);
        else shape.CheckCondition(body);
    }
}
