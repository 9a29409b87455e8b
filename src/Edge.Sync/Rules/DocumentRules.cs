using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Rules;

namespace Edge.Sync;

/// <summary>What changes of a class must keep to where they come from peers: a hub's rules. What breaks one is rejected, for all, by a change of this replica: see <see cref="EdgeDatabase.RejectAsync"/>.</summary>
/// <remarks>
/// <para>Rules are asked once for each change, as it comes, in the transaction that takes it in; peers get the verdict at most a message behind it. What is written on this replica is not judged.</para>
/// <para>They run on the database's writer, one at a time: they must be quick, must not wait, and go by their arguments alone. One that throws rejects the change.</para>
/// </remarks>
/// <typeparam name="T">The class.</typeparam>
public sealed class DocumentRules<T> : IDocumentRules where T : class, IEdgeDocument<T>
{
    private readonly List<Func<ClaimsPrincipal, DocumentChange<T>, AccessDecision>> _authorizations = [];
    private readonly List<(Func<T, bool> Holds, string Reason)> _validations = [];

    internal DocumentRules() { }

    string IDocumentRules.Collection => T.Schema.Collection;

    bool IDocumentRules.Validates => _validations.Count > 0;

    /// <summary>Says who may make a change.</summary>
    /// <remarks>
    /// The user is the one whose own device made the change, as that device is connected now. Changes that another device brings, while their author is not connected, come with a user without claims
    /// (<see cref="DocumentChange{T}.IsByUser"/> is false): what is rejected for that is judged again, and stands if it may, when its author comes.
    /// </remarks>
    /// <param name="rule">Of a user and a change. Several rules must all allow it.</param>
    public DocumentRules<T> Authorize(Func<ClaimsPrincipal, DocumentChange<T>, AccessDecision> rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        _authorizations.Add(rule);
        return this;
    }

    /// <summary>Says what a document must be like, with all that is known here merged. A change that breaks it is rejected; a document that was broken before is left to whoever mends it.</summary>
    /// <remarks>It sees documents that exist and are whole here. Of two changes that only together break it, the one that comes later is rejected.</remarks>
    /// <param name="rule">Whether a document is as it must be.</param>
    /// <param name="reason">Why a change is rejected, for whoever made it.</param>
    public DocumentRules<T> Validate(Func<T, bool> rule, string reason)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        _validations.Add((rule, reason));
        return this;
    }

    [SuppressMessage("Design", "CA1031", Justification = "The app's rule may throw whatever it likes.")]
    string? IDocumentRules.Authorize(JudgedChange judged, DocumentId id, DocumentSection? section, DocumentState? before)
    {
        if (_authorizations.Count == 0) return null;
        try
        {
            var change = new DocumentChange<T>(judged, id, section, Attach(before));
            foreach (var rule in _authorizations)
                if (rule(judged.User, change).Reason is { } reason) return reason;
            return null;
        }
        catch (Exception e) { return Thrown(e); }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The app's rule may throw whatever it likes.")]
    string? IDocumentRules.FindBroken(DocumentState? state)
    {
        if (_validations.Count == 0) return null;
        try
        {
            if (Attach(state) is not { } document) return null;
            foreach (var (holds, reason) in _validations)
                if (!holds(document)) return reason;
            return null;
        }
        catch (Exception e) { return Thrown(e); }
    }

    private static T? Attach(DocumentState? state) => state is { Existence.Exists: true } ? T.Attach(FieldStore.Snapshot(T.Schema, state)) : null;

    // Its message may hold what is in the document: everybody who syncs can read the verdict.
    private static string Thrown(Exception e) => $"The rules for '{T.Schema.Collection}' could not judge it ({e.GetType().Name}).";
}
