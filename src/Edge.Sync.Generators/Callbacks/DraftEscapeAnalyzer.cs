using System.Collections.Immutable;
using Edge.Sync.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Edge.Sync.Generators.Callbacks;

/// <summary>ES0002: the document that an edit callback is given dies with the callback, so nothing may keep it.</summary>
/// <remarks>
/// Sees the plain ways out: an assignment to what lies outside, a collection outside, an event, a function that is handed to someone who may
/// run it later. A method that is called with the draft is trusted.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DraftEscapeAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.DraftEscape];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterOperationAction(Analyze, OperationKind.Invocation);
    }

    private static void Analyze(OperationAnalysisContext context)
    {
        foreach (var callback in EditCallback.In((IInvocationOperation)context.Operation))
        {
            if (callback.Symbol.Parameters.FirstOrDefault() is not { } parameter) continue;
            var draft = new Draft(callback, parameter);
            foreach (var operation in callback.Body.Descendants())
                foreach (var escape in EscapesIn(operation, draft))
                    context.ReportDiagnostic(Diagnostic.Create(Descriptors.DraftEscape, escape.Syntax.GetLocation(), parameter.Name));
        }
    }

    private static IEnumerable<IOperation> EscapesIn(IOperation operation, Draft draft) => operation switch
    {
        ISimpleAssignmentOperation assignment => Assigned(assignment.Target, assignment.Value, draft),
        ICoalesceAssignmentOperation assignment => Assigned(assignment.Target, assignment.Value, draft),
        IDeconstructionAssignmentOperation { Target: ITupleOperation targets, Value: var value } when Draft.Unwrap(value) is ITupleOperation values =>
            targets.Elements.Zip(values.Elements, (target, element) => Assigned(target, element, draft)).SelectMany(found => found),
        IEventAssignmentOperation { HandlerValue: var handler } when draft.IsCarriedBy(handler) => [handler],
        IInvocationOperation call => Passed(call, draft),
        IObjectCreationOperation creation => creation.Arguments.Where(argument => draft.IsCapturedBy(argument.Value)),
        _ => [],
    };

    private static IEnumerable<IOperation> Assigned(IOperation target, IOperation value, Draft draft) =>
        draft.IsOutside(target) && draft.IsCarriedBy(value) ? [value] : [];

    private static IEnumerable<IOperation> Passed(IInvocationOperation call, Draft draft)
    {
        var keeps = IsKeeping(call.TargetMethod) && call.Instance is { } receiver && draft.IsOutside(receiver);
        var runsNow = RunsItsArgumentsNow(call.TargetMethod);
        foreach (var argument in call.Arguments)
            if ((keeps && draft.IsCarriedBy(argument.Value)) || (!runsNow && draft.IsCapturedBy(argument.Value))) yield return argument;
    }

    private static bool IsKeeping(IMethodSymbol method) =>
        method.Name is "Add" or "TryAdd" or "AddFirst" or "AddLast" or "AddOrUpdate" or "Insert" or "Enqueue" or "Push" or "TryWrite" or "WriteAsync"
        && IsIn(method, "System.Collections", "System.Threading.Channels");

    /// <summary>Sorting, searching and LINQ call what they are given before the callback ends, or when their result is enumerated in it.</summary>
    private static bool RunsItsArgumentsNow(IMethodSymbol method) =>
        IsIn(method, "System.Collections", "System.Linq")
        || method.ContainingType is { Name: "Array" or "MemoryExtensions", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };

    private static bool IsIn(IMethodSymbol method, params ReadOnlySpan<string> namespaces)
    {
        var name = method.ContainingType.ContainingNamespace?.ToDisplayString() ?? "";
        foreach (var space in namespaces)
            if (name == space || name.StartsWith(space + ".", StringComparison.Ordinal)) return true;
        return false;
    }
}
