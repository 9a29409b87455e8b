using Edge.Sync.Generators.Callbacks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Edge.Sync.Generators.Snapshots;

/// <summary>The locals of one method that hold snapshots, or lists of them, and nothing else.</summary>
internal sealed class SnapshotLocals
{
    private readonly HashSet<ISymbol> _snapshots = new(SymbolEqualityComparer.Default);

    public SnapshotLocals(IOperation block)
    {
        var assigned = new List<(ISymbol Local, IOperation Value)>();
        foreach (var operation in block.DescendantsAndSelf())
        {
            if (operation is IVariableDeclaratorOperation { Initializer.Value: var initial } declarator) assigned.Add((declarator.Symbol, initial));
            else if (operation is ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local }, Value: var value }) assigned.Add((local, value));
            else if (operation is IForEachLoopOperation { LoopControlVariable: IVariableDeclaratorOperation { Symbol: var item }, Collection: var collection }) assigned.Add((item, collection));
            else if (operation is IIsPatternOperation { Value: var tested, Pattern: var pattern } && LocalOf(pattern) is { } named) assigned.Add((named, tested));
        }
        // A local may be given a snapshot by way of another one that comes later in the text: repeat until nothing is new.
        for (var known = -1; known < _snapshots.Count;)
        {
            known = _snapshots.Count;
            foreach (var group in assigned.GroupBy(static a => a.Local, SymbolEqualityComparer.Default))
                if (group.All(a => IsSnapshot(a.Value))) _snapshots.Add(group.Key!);
        }
    }

    /// <summary>Whether the value of <paramref name="operation"/> comes from a query, as it is or as a part.</summary>
    public bool IsSnapshot(IOperation? operation) => Draft.Unwrap(operation) switch
    {
        ILocalReferenceOperation { Local: var local } => _snapshots.Contains(local),
        IAwaitOperation awaited => IsSnapshot(awaited.Operation),
        IPropertyReferenceOperation { Instance: { } owner } => IsSnapshot(owner),
        IArrayElementReferenceOperation { ArrayReference: var array } => IsSnapshot(array),
        ICoalesceOperation { Value: var value, WhenNull: var other } => IsSnapshot(value) && (Draft.Unwrap(other) is IThrowOperation || IsSnapshot(other)),
        IConditionalAccessInstanceOperation => false,
        IInvocationOperation call => IsQuery(call) || (IsPicking(call) && IsSnapshot(call.Instance ?? call.Arguments[0].Value)),
        _ => false,
    };

    /// <summary>The name of what holds the snapshot, for the message.</summary>
    public static string NameOf(IOperation written)
    {
        var operation = Draft.Unwrap(written);
        while (operation is IPropertyReferenceOperation { Instance: { } owner }) operation = Draft.Unwrap(owner);
        return operation is ILocalReferenceOperation { Local: var local } ? local.Name : "it";
    }

    public static bool IsDocument(ITypeSymbol type) => type.TypeKind == TypeKind.Class && type.GetAttributes().Any(static a => a.AttributeClass?.ToDisplayString() == "Edge.Sync.EdgeDocumentAttribute");

    private static bool IsQuery(IInvocationOperation call) =>
        EditCallback.IsOurs(call.TargetMethod.ContainingType) && call.TargetMethod.Name is "FindAsync" or "FirstOrDefaultAsync" or "ToListAsync" or "WatchAsync"
        || (call.TargetMethod.Name is "ConfigureAwait" or "WithCancellation" && Draft.Unwrap(call.Instance ?? call.Arguments.FirstOrDefault()?.Value) is IInvocationOperation inner && IsQuery(inner));

    // What takes one element, or some, of a list as it is.
    private static bool IsPicking(IInvocationOperation call) => (call.Instance is not null || call.Arguments.Length > 0)
        && call.TargetMethod.ContainingType.ContainingNamespace?.ToDisplayString() is "System.Linq"
        && call.TargetMethod.Name is "First" or "FirstOrDefault" or "Single" or "SingleOrDefault" or "Last" or "LastOrDefault" or "ElementAt" or "Where" or "OrderBy" or "Skip" or "Take" or "ToList" or "ToArray" or "Reverse";

    private static ISymbol? LocalOf(IPatternOperation pattern) => pattern switch
    {
        IDeclarationPatternOperation { DeclaredSymbol: ILocalSymbol local } => local,
        IRecursivePatternOperation { DeclaredSymbol: ILocalSymbol local } => local,
        _ => null,
    };
}
