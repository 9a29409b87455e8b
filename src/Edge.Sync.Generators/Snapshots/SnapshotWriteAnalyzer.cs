using System.Collections.Immutable;
using Edge.Sync.Generators.Callbacks;
using Edge.Sync.Generators.Diagnostics;
using Edge.Sync.Generators.Documents;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Edge.Sync.Generators.Snapshots;

/// <summary>ES0001: what a query gives is a snapshot, which never changes; writing to it throws.</summary>
/// <remarks>Follows snapshots through the locals of one method. What comes from a parameter or a field may be anything, and is left alone.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SnapshotWriteAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.SnapshotWrite];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterOperationBlockAction(Analyze);
    }

    private static void Analyze(OperationBlockAnalysisContext context)
    {
        foreach (var block in context.OperationBlocks)
        {
            var snapshots = new SnapshotLocals(block);
            foreach (var operation in block.DescendantsAndSelf())
                if (Written(operation) is { } written && snapshots.IsSnapshot(written))
                    context.ReportDiagnostic(Diagnostic.Create(Descriptors.SnapshotWrite, operation.Syntax.GetLocation(), SnapshotLocals.NameOf(written)));
        }
    }

    /// <summary>What an operation writes to: a property of a document, or what merges by itself.</summary>
    private static IOperation? Written(IOperation operation) => operation switch
    {
        IAssignmentOperation { Target: IPropertyReferenceOperation { Instance: { } owner } } when IsPart(owner.Type) => owner,
        IIncrementOrDecrementOperation { Target: IPropertyReferenceOperation { Instance: { } owner } } when IsPart(owner.Type) => owner,
        IInvocationOperation { Instance: { } owner } call when owner.Type is { } type && MergingTypes.Includes(type) && IsMutator(call.TargetMethod) => owner,
        _ => null,
    };

    private static bool IsPart(ITypeSymbol? type) => type is not null && (SnapshotLocals.IsDocument(type) || MergingTypes.Includes(type));

    private static bool IsMutator(IMethodSymbol method) => EditCallback.IsOurs(method.ContainingType) && method.Name is
        "Add" or "Append" or "Delete" or "Grant" or "Insert" or "InsertRange" or "Join" or "Mark" or "Move" or "MoveRange" or "Reach" or "Remove" or "RemoveAt" or "RemoveRange"
        or "TryReclaim" or "TrySpend" or "TryTransfer" or "Unmark";
}
