using System.ComponentModel;

namespace Edge.Sync;

/// <summary>What the generator makes of a class with <see cref="EdgeObjectAttribute"/>. Not for implementing by hand.</summary>
/// <typeparam name="TSelf">The class itself.</typeparam>
public interface IEdgeObject<TSelf> where TSelf : class, IEdgeObject<TSelf>
{
    /// <summary>Its fields and rules.</summary>
    static abstract DocumentSchema Schema { get; }

    /// <summary>An instance over <paramref name="store"/>. For generated code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    static abstract TSelf Attach(FieldStore store);

    /// <summary>The values behind the properties. For generated code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    FieldStore Store { get; }
}
