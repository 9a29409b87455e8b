using Edge.Sync.Documents;
using Edge.Sync.Documents.Undo;
using Edge.Sync.Log;

namespace Edge.Sync;

/// <summary>Local edits: what a callback does becomes one change.</summary>
internal sealed partial class Replica
{
    // An edit of one document would else allocate most of what it does for these alone.
    private ChangeDraft? _draft;
    private Action<DocumentDraft>? _noteClaims;

    /// <summary>Makes one change of what <paramref name="edit"/> does. Returns its id, or null where it wrote nothing.</summary>
    /// <remarks>What <paramref name="edit"/> throws passes as it is; then nothing is written.</remarks>
    /// <param name="edit">Called once. It may keep the draft, which is dead afterwards.</param>
    /// <param name="metadata">What the change says of itself.</param>
    /// <param name="undo">Takes note of what would take the change back; null where nobody asks.</param>
    public ChangeId? Edit(Action<ChangeDraft> edit, in ChangeMetadata metadata = default, UndoStep? undo = null)
    {
        var draft = new ChangeDraft(_documents, _random) { Metadata = metadata, Undo = undo };
        return Edit(draft, new Callback(edit));
    }

    /// <summary>As <see cref="Edit(Action{ChangeDraft}, in ChangeMetadata, UndoStep)"/>, with a draft that serves edit after edit.</summary>
    /// <param name="edit">Called once. It must not let anybody keep the draft.</param>
    /// <param name="metadata">What the change says of itself.</param>
    public ChangeId? Edit(IChangeEdit edit, in ChangeMetadata metadata)
    {
        var draft = _draft ?? new ChangeDraft(_documents, _random);
        (_draft, draft.Metadata) = (null, metadata);
        try { return Edit(draft, edit); }
        finally
        {
            draft.Clear();
            _draft = draft;
        }
    }

    private ChangeId? Edit<TEdit>(ChangeDraft draft, TEdit edit) where TEdit : IChangeEdit
    {
        JoinHeads();
        var stamp = _clock.Next();
        var first = Log.Held[Log.Self] + 1;
        draft.Start(Log.Self, first, _rulings.Cap(Log.Self, first, stamp));
        draft.Opened = Claims.IsEmpty ? null : _noteClaims ??= Claims.Note;
        Claims.Begin();
        try
        {
            edit.Run(draft);
            Claims.Settle(draft);
            draft.Close();
            var sections = draft.ToSections(_keyToWrite);
            if (sections.Count == 0)
            {
                WriteLocal(draft);
                return null;
            }
            var bodyBytes = sections.BodyBytes;
            Verify(draft.DotCount, bodyBytes);
            var change = Change.OfSections(Log.NextHeader(draft.DotCount, stamp, bodyBytes), sections);
            var (sequence, id) = Append(change, Log.Admit(change));
            foreach (var (key, sectionBytes) in draft.Written)
                _documents.MarkChanged(key, sequence, change.Bytes.Length, sectionBytes);
            foreach (var (stream, item) in draft.Events)
                AppendEvent(stream, item, change, draft.Stamp, sequence);
            WriteLocal(draft);
            return id;
        }
        catch
        {
            // The callback may have joined deltas already: fold those documents again without it.
            draft.Close();
            _documents.Refold(draft.Keys);
            throw;
        }
    }

    private void WriteLocal(ChangeDraft draft)
    {
        if (!draft.HasLocals) return;
        foreach (var (state, last) in draft.ChangedLocals)
        {
            _store.WriteLocal(state.Key, last, DocumentCodec.Write(state));
            _documents.MarkLocal(state.Key);
        }
    }

    private static void Verify(int count, int bodyBytes)
    {
        if (bodyBytes > LogLimits.BodyBytesMax)
            throw new EdgeDataException($"This edit takes {bodyBytes} bytes; a change holds {LogLimits.BodyBytesMax} at most. Split it into several edits, or keep large values outside of documents.", "change.body", code: EdgeErrorCode.LimitExceeded);
        if (count > LogLimits.CountMax)
            throw new EdgeDataException($"This edit has {count} operations; a change holds {LogLimits.CountMax} at most. Split it into several edits.", "change.count", code: EdgeErrorCode.LimitExceeded);
    }

    // A change lists at most 32 heads. Where more have come together, changes without a body join them first.
    private void JoinHeads()
    {
        while (Log.ForeignHeadCount > LogLimits.DependenciesMax)
        {
            var change = Change.Create(Log.NextJoiningHeader(_clock.Next()), []);
            Append(change, Log.Admit(change));
        }
    }

    private readonly struct Callback(Action<ChangeDraft> edit) : IChangeEdit
    {
        public void Run(ChangeDraft draft) => edit(draft);
    }
}

/// <summary>What an edit does to a change that is being made.</summary>
internal interface IChangeEdit
{
    void Run(ChangeDraft draft);
}
