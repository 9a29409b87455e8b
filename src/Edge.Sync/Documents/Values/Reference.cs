using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>A typed id: the field of a document that points to another one. It may dangle, visibly: <see cref="DocumentSet{T}.FindAsync(Reference{T}, CancellationToken)"/> gives null then.</summary>
/// <typeparam name="T">The class of the document that it points to.</typeparam>
/// <param name="Id">The document; all zeros where it points to none.</param>
/// <remarks>Nothing keeps a document from being deleted while others point to it: no replica could, while another one is offline. In SQL it is the id, as 32 hexadecimal digits.</remarks>
public readonly record struct Reference<T>(DocumentId Id) : IReference, IComparable<Reference<T>> where T : class, IEdgeDocument<T>
{
    /// <summary>Whether it points to no document at all, as before its first value has arrived.</summary>
    public bool IsEmpty => Id == default;

    /// <summary>A reference to the document of that id.</summary>
    public static implicit operator Reference<T>(DocumentId id) => new(id);

    /// <inheritdoc/>
    public int CompareTo(Reference<T> other) => Id.CompareTo(other.Id);

    /// <inheritdoc/>
    public override string ToString() => Id.ToString();

    /// <summary>By id.</summary>
    public static bool operator <(Reference<T> left, Reference<T> right) => left.CompareTo(right) < 0;

    /// <summary>By id.</summary>
    public static bool operator <=(Reference<T> left, Reference<T> right) => left.CompareTo(right) <= 0;

    /// <summary>By id.</summary>
    public static bool operator >(Reference<T> left, Reference<T> right) => left.CompareTo(right) > 0;

    /// <summary>By id.</summary>
    public static bool operator >=(Reference<T> left, Reference<T> right) => left.CompareTo(right) >= 0;
}
