using System.Linq.Expressions;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Rules;

namespace Edge.Sync;

/// <summary>What a change from a peer does to one document, for rules that judge it: see <see cref="DocumentRules{T}.Authorize"/>. Valid during the call only.</summary>
/// <typeparam name="T">The document's class.</typeparam>
public sealed class DocumentChange<T> where T : class, IEdgeDocument<T>
{
    private readonly DocumentSection? _section;

    /// <param name="judged">The change.</param>
    /// <param name="id">The document.</param>
    /// <param name="section">What it does to the document; null where that cannot be read here.</param>
    /// <param name="before">The document before it; null where it did not exist, or is not whole here.</param>
    internal DocumentChange(JudgedChange judged, DocumentId id, DocumentSection? section, T? before) => (_section, ChangeId, Author, IsByUser, DocumentId, Before) = (section, judged.Id, judged.Author, judged.IsByUser, id, before);

    /// <summary>The change.</summary>
    public ChangeId ChangeId { get; }

    /// <summary>The replica that made it.</summary>
    public ReplicaId Author { get; }

    /// <summary>Whether the user is the one whose device made it. Else another device has brought it, whose user says nothing about it: the user is then an unknown one, without claims.</summary>
    public bool IsByUser { get; }

    /// <summary>The document.</summary>
    public DocumentId DocumentId { get; }

    /// <summary>The document as it was here before the change; null where it did not exist, or where parts of it are absent here.</summary>
    public T? Before { get; }

    /// <summary>Whether what it does can be read here; else it was encrypted with a key that is not here, or came without its contents, and counts as touching everything.</summary>
    public bool IsReadable => _section is not null;

    /// <summary>Whether it deletes the document.</summary>
    public bool Deletes => _section is null || _section.Operations.Any(static operation => operation.Delta is ExistenceDelta { IsDeletion: true });

    /// <summary>Whether it writes a property, or anything within it.</summary>
    /// <param name="property">The property: <c>j => j.Done</c>.</param>
    /// <exception cref="ArgumentException">That is none of the document's replicated properties.</exception>
    public bool Touches<TValue>(Expression<Func<T, TValue>> property)
    {
        ArgumentNullException.ThrowIfNull(property);
        var field = PropertyOf(property.Body) is { } name ? T.Schema.FindProperty(name) : null;
        if (field is null or { IsLocal: true }) throw new ArgumentException($"'{property}' is no replicated property of {typeof(T).Name}. Name one of its own: j => j.Done.", nameof(property));
        return _section is null || _section.Operations.Any(operation => operation.FieldId == field.Id || operation.FieldId == field.Lens?.OldId);
    }

    private static string? PropertyOf(Expression body)
    {
        string? name = null;
        for (Expression? rest = body; rest is not null and not ParameterExpression;)
        {
            (name, rest) = rest switch
            {
                MemberExpression member => (member.Member.Name, member.Expression),
                UnaryExpression { NodeType: ExpressionType.Convert } convert => (name, convert.Operand),
                _ => (null, null),
            };
        }
        return name;
    }
}
