using System.Security.Claims;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Log.Records;
using Edge.Sync.Replication;
using Edge.Sync.Rules;
using Edge.Sync.Trust;

namespace Edge.Sync;

/// <summary>
/// Judges what comes from peers by the rules of the app. A change is judged once, as it is taken in; a verdict is a change of this replica in the same transaction: no crash comes
/// between them, and a peer gets the verdict at most a message behind the change. See docs/decisions/0024-a-hub-judges-by-the-author.md.
/// </summary>
internal sealed partial class Replica
{
    /// <summary>How a verdict ends that was given without knowing who made the change.</summary>
    private const string Unknown = " (judged before its author came: it is judged again then)";

    private static readonly ChangeMetadata s_verdict = new("rules", null, default);

    /// <summary>The rules.</summary>
    public Rulebook Rules { get; init; } = new([]);

    /// <summary>Who is connected now.</summary>
    public SyncGuests Guests { get; } = new();

    /// <summary>Applies a change, and rejects it where it breaks a rule.</summary>
    private void ApplyJudged(Change change, ChangeId id, ChangeId[] past, Place place, ReadOnlyMemory<byte> signature, SyncGuest? guest)
    {
        var owner = change.Written.Owner ?? (Log.TryGetOwner(change, past[0], out var known) ? known : null);
        // What this device wrote comes back to it where the file was restored.
        if (Rules.IsEmpty || _key.Equals(owner))
        {
            Apply(change, id, past, place, signature);
            return;
        }
        var judged = Judged(change, id, owner, guest);
        var reason = Authorize(change, judged);
        var looked = LookAt(change);
        Apply(change, id, past, place, signature);
        reason ??= FindBroken(looked);
        if (reason is not null && !_rulings.Void.Contains(id)) Reject(id, reason, s_verdict);
    }

    /// <summary>Judges anew what was rejected for want of its author, who has come now. What may stand stands from now on.</summary>
    public void Reconsider(SyncGuest author)
    {
        if (Rules.IsEmpty || author.Key is not { } key) return;
        foreach (var (by, rejection) in _rulings.Standing.Where(static standing => standing.Rejection.Reason.EndsWith(Unknown, StringComparison.Ordinal)).ToList())
        {
            if (!IsOwnChange(by) || _store.FindSequence(rejection.ChangeId) is not (> 0 and var sequence)) continue;
            var change = Change.ParseStored(_store.ReadChange(sequence).Bytes);
            if (!key.Equals(OwnerOf(change.Header.Replica)) || Authorize(change, Judged(change, rejection.ChangeId, key, author)) is not null) continue;
            var looked = LookAt(change);
            Reject(by, "Its author has come, and may make it.", s_verdict);
            if (FindBroken(looked) is { } broken) Reject(rejection.ChangeId, broken, s_verdict);
        }
    }

    private JudgedChange Judged(Change change, ChangeId id, PublicKey? owner, SyncGuest? guest)
    {
        var author = owner is null ? null : Guests.Find(owner, guest);
        return new(id, change.Written.Replica, author?.User ?? new ClaimsPrincipal(), author is not null);
    }

    private string? Authorize(Change change, JudgedChange judged)
    {
        // Whoever could reject verdicts would stand above the rules.
        if (Projections.DocumentFold.ReadRecords(change, out _)?.OfType<RejectRecord>().Any(rejection => IsOwnChange(rejection.ChangeId)) == true)
            return "The verdicts of this replica stand. Only it can take them back.";
        var sections = new BodyReader(change.Body);
        while (sections.Read())
        {
            if (!sections.Envelope.NamesDocument || Rules.Of(sections.Envelope.Document.Collection) is not { Length: > 0 } rules || _store.IsPurged(sections.Envelope.Document)) continue;
            DocumentSection? section = null;
            if (!sections.IsAbsent)
            {
                try { section = DocumentSection.Read(sections.Content, new(change.Written.Replica, change.Written.First), change.Written.Count, _offered); }
                // Void: it does nothing.
                catch (EdgeDataException) { continue; }
                if (section is null) continue;
                if (!section.IsReadable) section = null;
            }
            var key = sections.Envelope.Document;
            var before = _documents.Load(key);
            foreach (var of in rules)
                if (of.Authorize(judged, key.Id, section, before) is { } reason) return judged.IsByUser ? reason : Fit(reason) + Unknown;
        }
        return null;
    }

    /// <summary>The documents that a change edits and that are as they must be before it. For what was broken before, nobody is blamed who only leaves it so.</summary>
    private List<(IDocumentRules Rules, DocumentKey Key)> LookAt(Change change)
    {
        var sound = new List<(IDocumentRules, DocumentKey)>();
        var sections = new BodyReader(change.Body);
        while (sections.Read())
        {
            if (!sections.Envelope.NamesDocument || _store.IsPurged(sections.Envelope.Document)) continue;
            foreach (var rules in Rules.Of(sections.Envelope.Document.Collection))
                if (rules.Validates && rules.FindBroken(_documents.Load(sections.Envelope.Document)) is null) sound.Add((rules, sections.Envelope.Document));
        }
        return sound;
    }

    private string? FindBroken(List<(IDocumentRules Rules, DocumentKey Key)> looked)
    {
        foreach (var (rules, key) in looked)
            if (!_store.IsPurged(key) && rules.FindBroken(_documents.Load(key)) is { } broken) return Fit(broken);
        return null;
    }

    private bool IsOwnChange(ChangeId id) => _store.FindSequence(id) is > 0 and var sequence && _key.Equals(OwnerOf(Change.ParseStored(_store.ReadChange(sequence).Bytes).Header.Replica));

    private static string Fit(string reason) => reason.Length <= RejectRecord.ReasonLengthMax - Unknown.Length ? reason : reason[..(RejectRecord.ReasonLengthMax - Unknown.Length)];
}
