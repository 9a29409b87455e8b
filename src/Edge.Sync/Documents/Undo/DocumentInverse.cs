using Edge.Sync.Crdts;
using Edge.Sync.Crdts.Undo;

namespace Edge.Sync.Documents.Undo;

/// <summary>What takes back the part of a change that edited one document.</summary>
internal sealed class DocumentInverse(DocumentKey key)
{
    public DocumentKey Key => key;

    public ExistenceInverse? Existence { get; private set; }

    /// <summary>In the order in which the edits were made.</summary>
    public List<(uint FieldId, Inverse Inverse)> Fields { get; } = [];

    /// <summary>The same of fields that stay on this device: their operations are apart from those of the log.</summary>
    public List<(uint FieldId, Inverse Inverse)> LocalFields { get; } = [];

    public bool IsEmpty => Existence is null && Fields.Count == 0 && LocalFields.Count == 0;

    public void CaptureLocal(uint fieldId, CrdtState? before, Delta delta)
    {
        if (Inverse.Of(before, delta) is { } inverse) LocalFields.Add((fieldId, inverse));
    }

    public void Capture(uint fieldId, CrdtState? before, Delta delta)
    {
        if (Inverse.Of(before, delta) is { } inverse) Fields.Add((fieldId, inverse));
    }

    /// <summary>Takes note of an existence delta. Of several in one change, the first says what was and the last what is.</summary>
    public void Capture(ExistenceState before, ExistenceDelta delta)
    {
        var first = Existence ?? new(before.Exists, before.Exists, default, before.Exists ? before.DotOf(delta.First.Replica) : OwnDeletion(before, delta.First.Replica), before.HasWinningDeletion);
        Existence = first with { IsThere = !delta.IsDeletion, Own = delta.First };
    }

    public void Capture(ExistenceInverse existence) => Existence = existence;

    /// <summary>Takes it back in the document as it is now.</summary>
    /// <param name="draft">The document.</param>
    /// <param name="local">Gives its fields that stay on this device.</param>
    /// <param name="renamed">Gets the new names of what comes to life again.</param>
    /// <param name="refuse">Gets what cannot be taken back.</param>
    public void Apply(DocumentDraft draft, Func<LocalDraft> local, DotRenaming renamed, Action<UndoNote> refuse)
    {
        var restores = Existence is { WasThere: true, IsThere: false };
        if (!draft.State.Existence.Exists && (!restores || IsDeletedByOthers(draft.State.Existence, renamed.Of(Existence!.Value.Own))))
        {
            refuse(new(key, 0, restores ? UndoObstacleReason.HeldByOthers : UndoObstacleReason.DocumentDeleted));
            draft.Abandon();
            return;
        }
        for (var i = Fields.Count - 1; i >= 0; i--)
        {
            var (field, inverse) = Fields[i];
            inverse.Rename(renamed).Apply(new DocumentTarget(draft, field, renamed, reason => refuse(new(key, field, reason))));
        }
        for (var i = LocalFields.Count - 1; i >= 0; i--)
        {
            var (field, inverse) = LocalFields[i];
            inverse.Rename(renamed).Apply(new LocalTarget(local(), field, renamed, reason => refuse(new(key, field, reason))));
        }
        // Last, so that the section does not have to say it once more.
        if (restores && !draft.State.Existence.Exists)
        {
            draft.Touch();
            renamed.Add(Existence!.Value.Before, draft.State.Existence.DotOf(draft.Next.Replica));
        }
        if (Existence is { IsThere: true } existence) Apply(draft, existence with { Own = renamed.Of(existence.Own) }, renamed, refuse);
    }

    private static bool IsDeletedByOthers(ExistenceState existence, Dot own)
    {
        foreach (var deletion in existence.Deletions)
            if (deletion.Dot != own) return true;
        return false;
    }

    private static Dot OwnDeletion(ExistenceState existence, ReplicaId self)
    {
        foreach (var deletion in existence.Deletions)
            if (deletion.Dot.Replica == self) return deletion.Dot;
        return default;
    }

    private void Apply(DocumentDraft draft, ExistenceInverse existence, DotRenaming renamed, Action<UndoNote> refuse)
    {
        var now = draft.State.Existence;
        var isLatest = now.DotOf(draft.Next.Replica) == existence.Own;
        if (!existence.WasThere)
        {
            if (!isLatest || now.Dots.Length > 1)
            {
                refuse(new(key, 0, UndoObstacleReason.HeldByOthers));
                return;
            }
            draft.Delete(existence.Wins);
            renamed.Add(existence.Before, OwnDeletion(draft.State.Existence, existence.Own.Replica));
        }
        else if (isLatest)
        {
            // From here on the author's latest word stands for the one before the edit too.
            if (draft.HasChanges) draft.Touch();
            renamed.Add(existence.Before, draft.State.Existence.DotOf(draft.Next.Replica));
        }
    }

    /// <summary>Whether anything has another name now.</summary>
    public bool Rename(DotRenaming names)
    {
        var changed = Rename(Fields, names) | Rename(LocalFields, names);
        if (Existence is not { } existence) return changed;
        var now = existence with { Own = names.Of(existence.Own), Before = names.Of(existence.Before) };
        changed |= now != existence;
        Existence = now;
        return changed;
    }

    private static bool Rename(List<(uint FieldId, Inverse Inverse)> fields, DotRenaming names)
    {
        var changed = false;
        for (var i = 0; i < fields.Count; i++)
        {
            var renamed = fields[i].Inverse.Rename(names);
            changed |= !ReferenceEquals(renamed, fields[i].Inverse);
            fields[i] = (fields[i].FieldId, renamed);
        }
        return changed;
    }
}
