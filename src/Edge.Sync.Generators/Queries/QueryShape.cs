using Edge.Sync.Generators.Callbacks;
using Edge.Sync.Generators.Documents;
using Edge.Sync.Generators.Snapshots;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Edge.Sync.Generators.Queries;

/// <summary>The shapes that a query's lambda may have.</summary>
/// <param name="document">The lambda's parameter.</param>
/// <param name="report">Gets each part that has no counterpart in SQL, with what to do instead.</param>
internal sealed class QueryShape(IParameterSymbol document, Action<IOperation, string> report)
{
    /// <summary>What is said of a value that must be made before the query.</summary>
    public const string LocalHint = "put it into a local variable before the query";

    private const string AfterwardsHint = "filter the rest after ToListAsync, or keep the value in a property of its own";

    public void CheckCondition(IOperation condition)
    {
        switch (Unwrap(condition))
        {
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } both:
                CheckCondition(both.LeftOperand);
                CheckCondition(both.RightOperand);
                break;
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not: CheckCondition(not.Operand); break;
            case IBinaryOperation comparison when Mentions(comparison): CheckComparison(comparison); break;
            case IInvocationOperation call when Mentions(call): CheckCall(call); break;
            case var other when !Mentions(other): CheckValue(other); break;
            case var other: CheckColumn(other, "compare it with a value"); break;
        }
    }

    public void CheckKey(IOperation key)
    {
        key = Unwrap(key);
        if (!IsColumn(key)) report(key, "sort by a property of the document");
        else if (key.Type is { } type && IsMany(type)) report(key, "a query sorts by fields of one value");
    }

    private void CheckComparison(IBinaryOperation comparison)
    {
        if (comparison.OperatorKind is not (BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals or BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual
            or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual))
        {
            report(comparison, comparison.OperatorKind is BinaryOperatorKind.And or BinaryOperatorKind.Or ? "write && or ||" : AfterwardsHint);
            return;
        }
        CheckOperand(comparison.LeftOperand);
        CheckOperand(comparison.RightOperand);
    }

    private void CheckOperand(IOperation operand)
    {
        operand = Unwrap(operand);
        if (!Mentions(operand)) CheckValue(operand);
        else CheckColumn(operand, AfterwardsHint);
    }

    private void CheckColumn(IOperation operand, string hint)
    {
        if (!IsColumn(operand)) report(operand, hint);
    }

    // Contains, StartsWith, EndsWith and Equals of texts, IsNullOrEmpty, Contains of sets and lists, ContainsKey of maps, and Contains of a local list with a column.
    private void CheckCall(IInvocationOperation call)
    {
        var name = call.TargetMethod.Name;
        if (EditCallback.IsOurs(call.TargetMethod.ContainingType) && name is not ("Contains" or "ContainsKey" or "Equals")) return;
        if (name is not ("Contains" or "StartsWith" or "EndsWith" or "ContainsKey" or "Equals" or "IsNullOrEmpty"))
        {
            report(call, AfterwardsHint);
            return;
        }
        if (call.Instance is { } instance && Mentions(instance)) CheckColumn(Unwrap(instance), AfterwardsHint);
        foreach (var argument in call.Arguments)
            if (Mentions(argument.Value)) CheckColumn(Unwrap(argument.Value), AfterwardsHint);
            else CheckValue(argument.Value);
    }

    // Values are read, never compiled: what makes an array in place would need to be.
    private void CheckValue(IOperation value)
    {
        foreach (var operation in value.DescendantsAndSelf())
            if (operation is IArrayCreationOperation { IsImplicit: false } or ICollectionExpressionOperation or IConditionalOperation or IBinaryOperation { OperatorKind: not (BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals) }
                && operation.ConstantValue is not { HasValue: true })
            {
                report(operation, LocalHint);
                return;
            }
    }

    private bool IsColumn(IOperation operation)
    {
        operation = Unwrap(operation);
        if (operation is not IPropertyReferenceOperation { Instance: { } owner } reference) return false;
        var property = reference.Property;
        owner = Unwrap(owner);
        if (owner is IParameterReferenceOperation { Parameter: var parameter }) return SymbolEqualityComparer.Default.Equals(parameter, document) && IsField(property);
        if (!IsColumn(owner)) return false;
        if (property.IsIndexer) return property.ContainingType.Name == "ReplicatedMap" && EditCallback.IsOurs(property.ContainingType) && reference.Arguments.All(argument => !Mentions(argument.Value));
        if (ValueTypes.IsNullable(property.ContainingType)) return property.Name is "Value" or "HasValue";
        if (property.ContainingType.SpecialType == SpecialType.System_String) return property.Name == "Length";
        if (EditCallback.IsOurs(property.ContainingType) && !ObjectTypes.IsObject(property.ContainingType)) return property.Name is "Value" or "Count" or "Length" or "Id" or "HasValue";
        return ObjectTypes.IsObject(property.ContainingType) ? IsField(property) : RecordTypes.Read(property.ContainingType)?.Members.Contains(property, SymbolEqualityComparer.Default) ?? false;
    }

    // A property that is computed in the class is no column. Of a class in another assembly it cannot be told.
    private static bool IsField(IPropertySymbol property) =>
        property.DeclaringSyntaxReferences.Length == 0 || property.IsPartialDefinition || property.PartialDefinitionPart is not null || property is { Name: "Id" } && SnapshotLocals.IsDocument(property.ContainingType);

    private static bool IsMany(ITypeSymbol type) => MergingTypes.Includes(type) && type.Name is not ("Counter" or "GrowCounter" or "BoundedCounter" or "EnableWinsFlag" or "DisableWinsFlag"
        or "Register" or "MaxRegister" or "MinRegister" or "ReplicatedText" or "ReplicatedRichText");

    private bool Mentions(IOperation operation) =>
        operation.DescendantsAndSelf().Any(inner => inner is IParameterReferenceOperation { Parameter: var parameter } && SymbolEqualityComparer.Default.Equals(parameter, document));

    private static IOperation Unwrap(IOperation operation)
    {
        while (true)
        {
            if (operation is IConversionOperation { Operand: var operand }) operation = operand;
            else if (operation is IParenthesizedOperation { Operand: var inner }) operation = inner;
            else return operation;
        }
    }
}
