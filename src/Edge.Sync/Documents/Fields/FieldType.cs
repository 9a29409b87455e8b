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

    /// <summary><see cref="Edge.Sync.Counter"/></summary>
    public static FieldType<Counter> Counter { get; } = new(new(CrdtKind.Counter, ColumnType.Integer), static field => new(field));

    /// <summary><see cref="Edge.Sync.GrowCounter"/></summary>
    public static FieldType<GrowCounter> GrowCounter { get; } = new(new(CrdtKind.GrowCounter, ColumnType.Integer), static field => new(field));

    /// <summary><see cref="Edge.Sync.BoundedCounter"/></summary>
    public static FieldType<BoundedCounter> BoundedCounter { get; } = new(new(CrdtKind.BoundedCounter, ColumnType.Integer), static field => new(field));

    /// <summary><see cref="Edge.Sync.EnableWinsFlag"/></summary>
    public static FieldType<EnableWinsFlag> EnableWinsFlag { get; } = new(new(CrdtKind.EnableWinsFlag, ColumnType.Integer), static field => new(field));

    /// <summary><see cref="Edge.Sync.DisableWinsFlag"/></summary>
    public static FieldType<DisableWinsFlag> DisableWinsFlag { get; } = new(new(CrdtKind.DisableWinsFlag, ColumnType.Integer), static field => new(field));

    /// <summary><see cref="ReplicatedText"/></summary>
    public static FieldType<ReplicatedText> Text { get; } = new(new(CrdtKind.Text, ColumnType.Text), static field => new(field));

    /// <summary><see cref="Edge.Sync.Register{T}"/></summary>
    public static FieldType<Register<T>> Register<T>() => new(new(CrdtKind.Register, ColumnTypes.Of<T>()), static field => new(field));

    /// <summary><see cref="Edge.Sync.MaxRegister{T}"/></summary>
    public static FieldType<MaxRegister<T>> MaxRegister<T>() => new(new(CrdtKind.MaxRegister, ColumnTypes.Of<T>()), static field => new(field));

    /// <summary><see cref="Edge.Sync.MinRegister{T}"/></summary>
    public static FieldType<MinRegister<T>> MinRegister<T>() => new(new(CrdtKind.MinRegister, ColumnTypes.Of<T>()), static field => new(field));

    /// <summary><see cref="ReplicatedSet{T}"/></summary>
    public static FieldType<ReplicatedSet<T>> Set<T>() => new(Elements<T>(CrdtKind.Set), static field => new(field));

    /// <summary><see cref="Edge.Sync.GrowSet{T}"/></summary>
    public static FieldType<GrowSet<T>> GrowSet<T>() => new(Elements<T>(CrdtKind.GrowSet), static field => new(field));

    /// <summary><see cref="Edge.Sync.RemoveWinsSet{T}"/></summary>
    public static FieldType<RemoveWinsSet<T>> RemoveWinsSet<T>() => new(Elements<T>(CrdtKind.RemoveWinsSet), static field => new(field));

    private static FieldShape Elements<T>(CrdtKind kind) => new(kind, ColumnType.JsonArray) { Element = ColumnTypes.Of<T>() };
}

/// <summary>How a property type is made over its field. For generated code only.</summary>
/// <typeparam name="T">The property's type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class FieldType<T> : FieldType
{
    internal FieldType(FieldShape shape, Func<Field, T> attach) : base(shape) => Attach = attach;

    internal Func<Field, T> Attach { get; }
}
