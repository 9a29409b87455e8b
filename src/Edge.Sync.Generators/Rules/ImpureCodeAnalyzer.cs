using System.Collections.Immutable;
using Edge.Sync.Generators.Callbacks;
using Edge.Sync.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Edge.Sync.Generators.Rules;

/// <summary>ES0004: a clock, randomness, or anything outside of the program, in code that must give the same on every replica, or that holds the writer.</summary>
/// <remarks>Error in a merge rule, a lattice and a projection, where replicas would part; a warning in an edit callback and in a command, which run once. Looks at the code itself, not at what it calls.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ImpureCodeAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.ImpureCode];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterOperationBlockAction(AnalyzeMember);
        context.RegisterOperationAction(AnalyzeCallback, OperationKind.Invocation);
    }

    private static void AnalyzeMember(OperationBlockAnalysisContext context)
    {
        if (PureCode.IsCommand(context.OwningSymbol))
        {
            foreach (var block in context.OperationBlocks)
                foreach (var operation in block.DescendantsAndSelf())
                    if (ImpureMember.In(operation) is { } member)
                        context.ReportDiagnostic(Diagnostic.Create(Descriptors.ImpureCode, operation.Syntax.GetLocation(), DiagnosticSeverity.Warning, null, null,
                            $"'{member}' runs on the database's one writer; take the value when the command is made, as one of its properties"));
            return;
        }
        if (PureCode.WhatIs(context.OwningSymbol) is not { } what) return;
        foreach (var block in context.OperationBlocks)
            foreach (var operation in block.DescendantsAndSelf())
                if (ImpureMember.In(operation) is { } member)
                    context.ReportDiagnostic(Diagnostic.Create(Descriptors.ImpureCode, operation.Syntax.GetLocation(),
                        $"'{member}' may give another result on another replica, and {what} must give the same everywhere; take the value when the edit is made, and store it in the document"));
    }

    private static void AnalyzeCallback(OperationAnalysisContext context)
    {
        foreach (var callback in EditCallback.In((IInvocationOperation)context.Operation))
            foreach (var operation in callback.Body.Descendants())
                if (ImpureMember.In(operation) is { } member)
                    context.ReportDiagnostic(Diagnostic.Create(Descriptors.ImpureCode, operation.Syntax.GetLocation(), DiagnosticSeverity.Warning, null, Descriptors.CuredBy(Cure.Local),
                        $"'{member}' runs on the database's one writer; take the value before EditAsync and hand it to the callback"));
    }
}
