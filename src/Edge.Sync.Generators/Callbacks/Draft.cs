using Edge.Sync.Generators.Documents;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Edge.Sync.Generators.Callbacks;

/// <summary>The document inside one edit callback, and the locals that stand for it.</summary>
internal sealed class Draft
{
    private readonly IAnonymousFunctionOperation _callback;
    private readonly HashSet<ISymbol> _names = new(SymbolEqualityComparer.Default);

    public Draft(IAnonymousFunctionOperation callback, IParameterSymbol parameter)
    {
        _callback = callback;
        _names.Add(parameter);
        // A local may be given the draft through another one that is declared further down, in a loop: repeat until nothing is new.
        int known;
        do
        {
            known = _names.Count;
            foreach (var operation in callback.Body.Descendants())
            {
                if (operation is IVariableDeclaratorOperation { Initializer.Value: var initial } declarator && IsCarriedBy(initial)) _names.Add(declarator.Symbol);
                else if (operation is ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local }, Value: var value }
                    && IsDeclaredInside(local) && IsCarriedBy(value)) _names.Add(local);
            }
        }
        while (_names.Count > known);
    }

    /// <summary>Whether who holds the value of <paramref name="operation"/> holds the draft, or a part of it that lives as long.</summary>
    public bool IsCarriedBy(IOperation? operation) => Unwrap(operation) switch
    {
        ILocalReferenceOperation { Local: var local } => _names.Contains(local),
        IParameterReferenceOperation { Parameter: var parameter } => _names.Contains(parameter),
        IPropertyReferenceOperation { Instance: { } owner } property => property.Type is { } type && MergingTypes.Includes(type) && IsCarriedBy(owner),
        ITupleOperation tuple => tuple.Elements.Any(IsCarriedBy),
        IConditionalOperation conditional => IsCarriedBy(conditional.WhenTrue) || IsCarriedBy(conditional.WhenFalse),
        ICoalesceOperation coalesce => IsCarriedBy(coalesce.Value) || IsCarriedBy(coalesce.WhenNull),
        ISimpleAssignmentOperation assignment => IsCarriedBy(assignment.Value),
        IArrayCreationOperation { Initializer.ElementValues: var elements } => elements.Any(IsCarriedBy),
        ICollectionExpressionOperation collection => collection.Elements.Any(IsCarriedBy),
        IObjectCreationOperation { Initializer.Initializers: var members } => members.Any(IsCarriedBy),
        IInvocationOperation { Instance: IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } } added =>
            added.Arguments.Any(argument => IsCarriedBy(argument.Value)),
        IDelegateCreationOperation { Target: IMethodReferenceOperation method } => IsCarriedBy(method.Instance),
        IDelegateCreationOperation creation => IsCapturedBy(creation),
        _ => false,
    };

    /// <summary>Whether <paramref name="operation"/> is a function written in place that uses the draft.</summary>
    public bool IsCapturedBy(IOperation? operation) =>
        Unwrap(operation) is IDelegateCreationOperation { Target: IAnonymousFunctionOperation function } && function.Body.Descendants().Any(inner => inner switch
        {
            ILocalReferenceOperation { Local: var local } => _names.Contains(local),
            IParameterReferenceOperation { Parameter: var parameter } => _names.Contains(parameter),
            _ => false,
        });

    /// <summary>Whether what is put into <paramref name="target"/> outlives the callback.</summary>
    public bool IsOutside(IOperation target) => Unwrap(target) switch
    {
        ILocalReferenceOperation { Local: var local } => !IsDeclaredInside(local),
        // The callback's own parameters: given another value they are forgotten with it; a member of the state is not.
        IParameterReferenceOperation { Parameter: var parameter, Parent: IAssignmentOperation } => !IsDeclaredInside(parameter),
        IPropertyReferenceOperation { Instance: { } owner } => IsOutside(owner),
        IFieldReferenceOperation { Instance: { } owner } => IsOutside(owner),
        IArrayElementReferenceOperation { ArrayReference: var array } => IsOutside(array),
        IConditionalAccessInstanceOperation owner => IsOutside(BeforeQuestionMark(owner)),
        IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } => false,
        IDiscardOperation or IDeclarationExpressionOperation => false,
        _ => true,
    };

    /// <summary>Without the conversions that keep the object; one of a user's own, such as a counter's to a number, makes another value.</summary>
    public static IOperation? Unwrap(IOperation? operation)
    {
        while (true)
        {
            if (operation is IConversionOperation { OperatorMethod: null, Operand: var operand }) operation = operand;
            else if (operation is IParenthesizedOperation { Operand: var inner }) operation = inner;
            else return operation;
        }
    }

    private static IOperation BeforeQuestionMark(IOperation member)
    {
        while (member is not IConditionalAccessOperation && member.Parent is { } parent)
            member = parent;
        return member is IConditionalAccessOperation access ? access.Operation : member;
    }

    private bool IsDeclaredInside(ISymbol symbol) =>
        symbol.DeclaringSyntaxReferences.FirstOrDefault() is { } declaration
        && declaration.SyntaxTree == _callback.Syntax.SyntaxTree && _callback.Syntax.Span.Contains(declaration.Span);
}
