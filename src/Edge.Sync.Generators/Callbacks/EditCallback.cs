using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Edge.Sync.Generators.Callbacks;

/// <summary>The lambdas that are handed to <c>EditAsync</c>, whichever object of the library it is called on.</summary>
internal static class EditCallback
{
    /// <summary>Every lambda among the arguments of <paramref name="call"/>; none where it is not an edit.</summary>
    public static IEnumerable<IAnonymousFunctionOperation> In(IInvocationOperation call)
    {
        if (call.TargetMethod.Name != "EditAsync" || !IsOurs(call.TargetMethod.ContainingType)) yield break;
        foreach (var argument in call.Arguments)
            if (argument.Value is IDelegateCreationOperation { Target: IAnonymousFunctionOperation callback }) yield return callback;
    }

    /// <summary>Whether the library itself declares <paramref name="type"/> for app developers.</summary>
    public static bool IsOurs(ITypeSymbol? type) =>
        type?.ContainingNamespace is { Name: "Sync", ContainingNamespace: { Name: "Edge", ContainingNamespace.IsGlobalNamespace: true } };
}
