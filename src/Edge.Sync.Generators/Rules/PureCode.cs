using Edge.Sync.Generators.Callbacks;
using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators.Rules;

/// <summary>The members of an app that the library calls on every replica, and that must give the same there.</summary>
internal static class PureCode
{
    /// <summary>What a member is, for the message; null where it may do as it likes.</summary>
    public static string? WhatIs(ISymbol member) => Find(member, NameOf);

    /// <summary>Whether the library calls a member on the database's one writer: a command's <c>Execute</c>, or a part of a projection.</summary>
    public static bool HoldsWriter(ISymbol member) => Find(member, static contract => contract is "IEdgeCommand" or "IProject" or "IProjection" ? contract : null) is not null;

    /// <summary>Whether a member is a command's <c>Execute</c>, which runs once, on the one replica that makes the change.</summary>
    public static bool IsCommand(ISymbol member) => Find(member, static contract => contract == "IEdgeCommand" ? contract : null) is not null;

    private static string? Find(ISymbol member, Func<string, string?> nameOf)
    {
        if (member is IMethodSymbol { AssociatedSymbol: { } owner }) member = owner;
        foreach (var contract in member.ContainingType?.AllInterfaces ?? [])
        {
            if (!EditCallback.IsOurs(contract) || nameOf(contract.Name) is not { } what) continue;
            foreach (var required in contract.GetMembers())
                if (SymbolEqualityComparer.Default.Equals(member.ContainingType!.FindImplementationForInterfaceMember(required), member)) return what;
        }
        return null;
    }

    private static string? NameOf(string contract) => contract switch
    {
        "IMergeRule" => "a merge rule",
        "ILattice" => "a lattice",
        "IProject" or "IProjection" => "a projection",
        _ => null,
    };
}
