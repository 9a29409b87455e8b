using System.ComponentModel;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>The types that a document's property can have beside plain values: one row for each. For generated code only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class FieldType
{
    private protected FieldType(FieldShape shape) => Shape = shape;

    internal FieldShape Shape { get; }

    /// <summary>What of it is read from its column.</summary>
    internal ColumnUse Use { get; init; }

    /// <summary><see cref="Edge.Sync.Counter"/></summary>
    public static FieldType<Counter> Counter { get; } = new(new(CrdtKind.Counter, ColumnType.Integer), static field => new(field)) { Use = ColumnUse.All };

    /// <summary><see cref="Edge.Sync.GrowCounter"/></summary>
    public static FieldType<GrowCounter> GrowCounter { get; } = new(new(CrdtKind.GrowCounter, ColumnType.Integer), static field => new(field)) { Use = ColumnUse.All };

    /// <summary><see cref="Edge.Sync.BoundedCounter"/></summary>
    public static FieldType<BoundedCounter> BoundedCounter { get; } = new(new(CrdtKind.BoundedCounter, ColumnType.Integer), static field => new(field)) { Use = ColumnUse.Value };

    /// <summary><see cref="Edge.Sync.EnableWinsFlag"/></summary>
    public static FieldType<EnableWinsFlag> EnableWinsFlag { get; } = new(new(CrdtKind.EnableWinsFlag, ColumnType.Integer), static field => new(field)) { Use = ColumnUse.All };

    /// <summary><see cref="Edge.Sync.DisableWinsFlag"/></summary>
    public static FieldType<DisableWinsFlag> DisableWinsFlag { get; } = new(new(CrdtKind.DisableWinsFlag, ColumnType.Integer), static field => new(field)) { Use = ColumnUse.All };

    /// <summary><see cref="ReplicatedText"/></summary>
    public static FieldType<ReplicatedText> Text { get; } = new(new(CrdtKind.Text, ColumnType.Text), static field => new(field)) { Use = ColumnUse.Value };

    /// <summary><see cref="ReplicatedRichText"/></summary>
    public static FieldType<ReplicatedRichText> RichText { get; } = new(new(CrdtKind.RichText, ColumnType.Text), static field => new(field)) { Use = ColumnUse.Value };

    /// <summary><see cref="Edge.Sync.Register{T}"/></summary>
    public static FieldType<Register<T>> Register<T>() => new(FieldShape.OfValue<T>(), static field => new(field)) { Use = ColumnUse.Value };

    /// <summary><see cref="Edge.Sync.Register{T, TRule}"/></summary>
    public static FieldType<Register<T, TRule>> Register<T, TRule>() where TRule : IMergeRule<T> =>
        new(FieldShape.OfValue<T>() with { Rule = RuledValue<T, TRule>.Show }, static field => new(field));

    /// <summary><see cref="Edge.Sync.Lattice{T}"/></summary>
    public static FieldType<Lattice<T>> Lattice<T>() where T : ILattice<T> =>
        new(new(CrdtKind.Lattice, ValueCodec<T>.Record is null ? ColumnType.Text : ColumnType.JsonObject) { Fields = ValueCodec<T>.Record?.Fields, Rule = LatticeValue<T>.Show }, static field => new(field));

    /// <summary><see cref="Edge.Sync.MaxRegister{T}"/></summary>
    public static FieldType<MaxRegister<T>> MaxRegister<T>() => new(new(CrdtKind.MaxRegister, ColumnTypes.Of<T>()), static field => new(field)) { Use = ColumnUse.All };

    /// <summary><see cref="Edge.Sync.MinRegister{T}"/></summary>
    public static FieldType<MinRegister<T>> MinRegister<T>() => new(new(CrdtKind.MinRegister, ColumnTypes.Of<T>()), static field => new(field)) { Use = ColumnUse.All };

    /// <summary><see cref="ReplicatedSet{T}"/></summary>
    public static FieldType<ReplicatedSet<T>> Set<T>() => new(Elements<T>(CrdtKind.Set), static field => new(field)) { Use = OfElements<T>() };

    /// <summary><see cref="Edge.Sync.GrowSet{T}"/></summary>
    public static FieldType<GrowSet<T>> GrowSet<T>() => new(Elements<T>(CrdtKind.GrowSet), static field => new(field)) { Use = OfElements<T>() };

    /// <summary><see cref="Edge.Sync.RemoveWinsSet{T}"/></summary>
    public static FieldType<RemoveWinsSet<T>> RemoveWinsSet<T>() => new(Elements<T>(CrdtKind.RemoveWinsSet), static field => new(field)) { Use = OfElements<T>() };

    /// <summary><see cref="ReplicatedList{T}"/></summary>
    public static FieldType<ReplicatedList<T>> List<T>() => new(Elements<T>(CrdtKind.List), static field => new(field, ListValues<T>.Instance)) { Use = OfElements<T>() == ColumnUse.All ? ColumnUse.Value : ColumnUse.None };

    /// <summary><see cref="ReplicatedList{T}"/> of objects.</summary>
    public static FieldType<ReplicatedList<T>> ObjectList<T>() where T : class, IEdgeObject<T> =>
        new(new(CrdtKind.List, ColumnType.JsonObjects) { Value = EdgeObject<T>().Shape }, static field => new(field, ListObjects<T>.Instance));

    /// <summary><see cref="ReplicatedTree{T}"/></summary>
    public static FieldType<ReplicatedTree<T>> Tree<T>() => new(Elements<T>(CrdtKind.Tree), static field => new(field));

    /// <summary><see cref="Edge.Sync.EventLog{T}"/></summary>
    public static FieldType<EventLog<T>> EventLog<T>() => new(Elements<T>(CrdtKind.EventLog), static field => new(field));

    /// <summary><see cref="ReplicatedMap{TKey, TValue}"/></summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <typeparam name="TValue">The type of what lies under them.</typeparam>
    /// <param name="value">How that is made.</param>
    public static FieldType<ReplicatedMap<TKey, TValue>> Map<TKey, TValue>(FieldType<TValue> value) where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(new(CrdtKind.Map, ColumnType.JsonObject) { Element = ColumnTypes.Of<TKey>(), Value = value.Shape }, field => new(field, value));
    }

    /// <summary>A plain value under the keys of a map.</summary>
    public static FieldType<T> Value<T>() => new(FieldShape.OfValue<T>(), static field => RegisterValue.Read(field, DefaultValue<T>.Value))
    {
        IsValue = true,
        Assign = static (field, value) => RegisterValue.Write(field, ValueCodec<T>.Encode(value)),
    };

    /// <summary>A class with <see cref="EdgeObjectAttribute"/>.</summary>
    public static FieldType<T> EdgeObject<T>() where T : class, IEdgeObject<T> =>
        new(new(CrdtKind.Map, ColumnType.JsonObject) { Fields = T.Schema.Fields }, static field => T.Attach(FieldStore.Nested(T.Schema, field)))
        {
            CheckAssignable = static value => DetachedFields.CheckDetached(value.Store),
            Assign = static (field, value) => DetachedFields.CopyTo(value.Store, FieldStore.Nested(T.Schema, field)),
        };

    // A time's column lacks the offset, a decimal's the zeros at its end; of a set, both may be in it twice.
    private static ColumnUse OfElements<T>() =>
        ColumnTypes.Of<T>() is ColumnType.Text or ColumnType.Integer or ColumnType.Real or ColumnType.Guid && typeof(T) != typeof(bool) ? ColumnUse.All : ColumnUse.None;

    private static FieldShape Elements<T>(CrdtKind kind) => new(kind, ColumnType.JsonArray) { Element = ColumnTypes.Of<T>() };
}

/// <summary>How a property type is made over its field. For generated code only.</summary>
/// <typeparam name="T">The property's type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class FieldType<T> : FieldType
{
    internal FieldType(FieldShape shape, Func<Field, T> attach) : base(shape) => Attach = attach;

    internal Func<Field, T> Attach { get; }

    /// <summary>Whether it is a plain value, which is read, not attached.</summary>
    internal bool IsValue { get; init; }

    /// <summary>Puts a value, or what an object made with <c>new</c> holds, into a field; null for what is changed by its methods only.</summary>
    internal Action<Field, T>? Assign { get; init; }

    /// <summary>Throws where <see cref="Assign"/> would; null where it never does.</summary>
    internal Action<T>? CheckAssignable { get; init; }
}
