using System.Collections.Immutable;
using Edge.Sync.Generators.Diagnostics;
using Edge.Sync.Generators.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Edge.Sync.Generators.Callbacks;

/// <summary>ES0007: an edit callback, a command and a projection run on the one writer, so while it waits nobody else can commit, and what it waits for may need the writer.</summary>
/// <remarks>Functions inside the callback are left out: they may run elsewhere.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BlockingWaitAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.BlockingWait];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterOperationAction(Analyze, OperationKind.Invocation);
        context.RegisterOperationBlockAction(AnalyzeMember);
    }

    private static void Analyze(OperationAnalysisContext context)
    {
        foreach (var callback in EditCallback.In((IInvocationOperation)context.Operation))
            Search(callback.Body, context.ReportDiagnostic);
    }

    private static void AnalyzeMember(OperationBlockAnalysisContext context)
    {
        if (!PureCode.HoldsWriter(context.OwningSymbol)) return;
        foreach (var block in context.OperationBlocks)
            Search(block, context.ReportDiagnostic);
    }

    private static void Search(IOperation operation, Action<Diagnostic> report)
    {
        if (operation is IAnonymousFunctionOperation or ILocalFunctionOperation) return;
        var member = operation switch
        {
            IInvocationOperation { TargetMethod: var method } when IsBlocking(method) => method,
            IPropertyReferenceOperation { Property: { Name: "Result" } property } when IsTask(property.ContainingType) => (ISymbol)property,
            _ => null,
        };
        if (member is not null)
            report(Diagnostic.Create(Descriptors.BlockingWait, operation.Syntax.GetLocation(), $"{member.ContainingType.Name}.{member.Name}"));
        foreach (var child in operation.ChildOperations)
            Search(child, report);
    }

    private static bool IsTask(INamedTypeSymbol type) => NameOf(type) is "System.Threading.Tasks.Task" or "System.Threading.Tasks.ValueTask";

    private static bool IsBlocking(IMethodSymbol method) => (NameOf(method.ContainingType), method.Name) switch
    {
        ("System.Threading.Tasks.Task", "Wait" or "WaitAll" or "WaitAny" or "RunSynchronously") => true,
        ("System.Threading.Thread", "Sleep" or "Join") => true,
        ("System.Threading.WaitHandle", "WaitOne" or "WaitAll" or "WaitAny" or "SignalAndWait") => true,
        ("System.Threading.SemaphoreSlim" or "System.Threading.ManualResetEventSlim" or "System.Threading.CountdownEvent" or "System.Threading.Monitor", "Wait") => true,
        ("System.Threading.Barrier", "SignalAndWait") => true,
        ("System.Threading.SpinWait", "SpinUntil") => true,
        var (type, name) => name == "GetResult" && type.StartsWith("System.Runtime.CompilerServices.", StringComparison.Ordinal)
            && type.EndsWith("Awaiter", StringComparison.Ordinal),
    };

    private static string NameOf(INamedTypeSymbol type) => $"{type.ContainingNamespace.ToDisplayString()}.{type.Name}";
}
