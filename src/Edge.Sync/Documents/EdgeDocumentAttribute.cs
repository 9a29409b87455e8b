namespace Edge.Sync;

/// <summary>
/// Makes a <c>partial class</c> a document: its partial properties become fields that merge, each by the rule of its type. The generator writes the other half.
/// </summary>
/// <param name="collection">
/// The collection's name on the wire and the name of its SQL table: a letter, then letters, digits, <c>-</c> and <c>_</c>, at most 64 characters; never one that starts with <c>edge_</c> or <c>sqlite_</c>.
/// </param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EdgeDocumentAttribute(string collection) : Attribute
{
    /// <summary>The collection's name.</summary>
    public string Collection { get; } = collection;

    /// <summary>What happens when a document is deleted by one and edited by another who had not heard of it: <c>[EdgeDocument("job", Delete = DeletePolicy.DeleteWins)]</c>.</summary>
    /// <value>The default is <see cref="DeletePolicy.EditWins"/>. It acts on deletions that are written from then on.</value>
    public DeletePolicy Delete { get; set; }

    /// <summary>Whether these documents are written encrypted, each under keys of its own, so that <see cref="DocumentSet{T}.ForgetAsync"/> makes one unreadable in every copy: <c>[EdgeDocument("patient", Forgettable = true)]</c>.</summary>
    /// <value>The default is false. It acts on what is written from then on; a document that has encrypted parts is written encrypted for good.</value>
    public bool Forgettable { get; set; }
}
