namespace Edge.Sync;

/// <summary>
/// Makes a <c>partial class</c> an object within documents: its partial properties become fields that merge, each by the rule of its type. The generator writes the other half.
/// </summary>
/// <remarks>
/// It is the type of a get-only property (<c>public partial Address Address { get; }</c>), or lies under the keys of a <see cref="ReplicatedMap{TKey, TValue}"/>. Two who
/// edit different fields of one object merge without a conflict. It has no id, and is no document of its own.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EdgeObjectAttribute : Attribute;
