using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync.Machines;

/// <summary>Makes and gives back the claims of properties with <see cref="UniqueClaimAttribute"/>, in the change that writes them. Used by the writer only.</summary>
/// <remarks>Whichever way an edit takes (a class, field names, undo, the inbox), what a field shows before and after it is compared. Only one that opened the document by its class is refused: the others claim what they can.</remarks>
internal sealed class NameClaims
{
    private readonly Dictionary<string, FieldDefinition[]> _fields = [];
    private readonly List<(DocumentDraft Draft, FieldDefinition Field, string? Before)> _noted = [];

    /// <summary>Whether no class has such a property: then edits need not be looked at.</summary>
    public bool IsEmpty => _fields.Count == 0;

    /// <summary>Learns of a class.</summary>
    public void Register(DocumentSchema schema)
    {
        var fields = schema.Fields.Where(static field => field.IsUnique).ToArray();
        if (fields.Length > 0) _fields[schema.Collection] = [.. _fields.GetValueOrDefault(schema.Collection) is { } known ? known.UnionBy(fields, static field => field.Id) : fields];
    }

    /// <summary>Forgets what an edit before has opened.</summary>
    public void Begin() => _noted.Clear();

    /// <summary>Notes what a document shows before it is edited.</summary>
    public void Note(DocumentDraft draft)
    {
        if (!_fields.TryGetValue(draft.State.Collection, out var fields) || !draft.IsWhole) return;
        foreach (var field in fields)
            _noted.Add((draft, field, draft.State.Existence.Exists ? NameIn(draft.State, field) : null));
    }

    /// <summary>Gives back what was let go, then claims what was taken: so two documents can swap names in one change. A document that shows a name without its claim makes up for it.</summary>
    /// <remarks>It may be older than the attribute, or was deleted by one and edited by another who did not know of it.</remarks>
    /// <exception cref="EdgeDocumentException">Another document bears a name that was written.</exception>
    public void Settle(ChangeDraft change)
    {
        foreach (var (draft, field, before) in _noted)
            if (before is not null && before != NameAfter(draft, field)) Edit(change, draft.State.Collection, field, before, claim => claim.Leave(draft.State.Id));
        foreach (var (draft, field, before) in _noted)
        {
            if (NameAfter(draft, field) is not { } name) continue;
            if (name != before) Claim(change, draft, field, name, mayRefuse: draft.Store is not null);
            else if (draft.HasChanges && !HasClaim(change, draft, field, name)) Claim(change, draft, field, name, mayRefuse: false);
        }
    }

    /// <summary>Claims what a document shows, where it is free, and deepens what it bears.</summary>
    public static void Confirm(ChangeDraft change, DocumentSchema schema, DocumentId id)
    {
        var draft = change.Open(new DocumentKey(schema.Collection, id));
        draft.Abandon();
        if (!draft.State.Existence.Exists) return;
        foreach (var field in schema.Fields)
        {
            if (!field.IsUnique || NameIn(draft.State, field) is not { } name) continue;
            Edit(change, schema.Collection, field, name, claim => TryGive(change, claim, draft, field, name));
        }
    }

    /// <summary>Gives a name that is contested to the document that lost it, or takes that one off.</summary>
    public static void Decide(ChangeDraft change, LostName lost, bool takesOver)
    {
        var draft = change.Open(new DocumentKey(ClaimedName.Collection, ClaimedName.IdOf(lost.Collection, lost.Field, lost.Name)));
        draft.Abandon();
        var claim = new ClaimedName(change.Open(ClaimedName.Schema, draft.State.Id));
        if (!claim.Claimants.ContainsKey(lost.Loser) || claim.Bearer == lost.Loser) return;
        if (takesOver) claim.Give(lost.Loser);
        else claim.Leave(lost.Loser);
    }

    private static void Claim(ChangeDraft change, DocumentDraft draft, FieldDefinition field, string name, bool mayRefuse) => Edit(change, draft.State.Collection, field, name, claim =>
    {
        if (claim.Bearer == draft.State.Id) return false;
        if (TryGive(change, claim, draft, field, name)) return true;
        if (mayRefuse)
            throw new EdgeDocumentException(EdgeErrorCode.NameTaken, draft.State.Key,
                $"The value that was written to {field.Property} of document {draft.State.Key} is borne by document {claim.Bearer}, as far as this replica knows. Choose another, or change that document first. Nothing was written.");
        claim.Describe(draft.State.Collection, field.Name, name);
        claim.Claimants[draft.State.Id] = true;
        return true;
    });

    private static bool HasClaim(ChangeDraft change, DocumentDraft draft, FieldDefinition field, string name) =>
        change.Look(new(ClaimedName.Collection, ClaimedName.IdOf(draft.State.Collection, field.Id, name)), out var isWhole) is { } state && (!isWhole || ClaimedName.IsClaimant(state, draft.State.Id));

    private static bool TryGive(ChangeDraft change, ClaimedName claim, DocumentDraft draft, FieldDefinition field, string name)
    {
        var bearer = claim.Bearer;
        if (bearer != default && bearer != draft.State.Id && Bears(change, new(draft.State.Collection, bearer), field, name)) return false;
        claim.Describe(draft.State.Collection, field.Name, name);
        if (bearer != default && bearer != draft.State.Id) claim.Claimants.Remove(bearer);
        if (!claim.Claimants.ContainsKey(draft.State.Id)) claim.Claimants[draft.State.Id] = true;
        claim.Give(draft.State.Id);
        return true;
    }

    // A document that was deleted or given another name without its claim (by a replica without the class, by a purge) bears nothing.
    private static bool Bears(ChangeDraft change, DocumentKey key, FieldDefinition field, string name) =>
        change.Look(key, out var isWhole) is { } state && (!isWhole || (state.Existence.Exists && NameIn(state, field) == name));

    private static void Edit(ChangeDraft change, string collection, FieldDefinition field, string name, Func<ClaimedName, bool> act)
    {
        var id = ClaimedName.IdOf(collection, field.Id, name);
        var claim = new ClaimedName(change.Open(ClaimedName.Schema, id));
        if (!act(claim)) change.Open(new DocumentKey(ClaimedName.Collection, id)).Abandon();
    }

    private static string? NameAfter(DocumentDraft draft, FieldDefinition field) => draft.WillExist ? NameIn(draft.State, field) : null;

    private static string? NameIn(DocumentState state, FieldDefinition field) =>
        state.Find(field.Id, CrdtKind.Register) is RegisterState register && register.TryGetWinner(out var bytes) && ValueCodec<string>.TryDecode(bytes, out var name) && name is { Length: > 0 } ? name : null;
}
