using System.ComponentModel;

namespace Edge.Sync;

/// <summary>What the generator makes of a class with <see cref="EdgeDocumentAttribute"/>. Not for implementing by hand.</summary>
/// <typeparam name="TSelf">The class itself.</typeparam>
public interface IEdgeDocument<TSelf> where TSelf : class, IEdgeDocument<TSelf>
{
    /// <summary>Its collection, fields and rules.</summary>
    static abstract DocumentSchema Schema { get; }

    /// <summary>An instance over <paramref name="store"/>. For generated code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    static abstract TSelf Attach(FieldStore store);

    /// <summary>The document's id.</summary>
    DocumentId Id { get; }

    /// <summary>The values behind the properties. For generated code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    FieldStore Store { get; }
}
