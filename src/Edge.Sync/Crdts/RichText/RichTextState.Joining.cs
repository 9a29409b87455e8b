using Edge.Sync.Crdts.RichText;
using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>Whole states and parts of them, and what can be forgotten.</summary>
internal sealed partial class RichTextState
{
    public override bool IsEmpty => _text.IsEmpty && _marks.Count == 0;

    /// <exception cref="EdgeDataException">A fragment refers to characters that are not there, or cuts a surrogate pair. Nothing is changed.</exception>
    public override void Join(DotState other, CausalContext ours, CausalContext theirs)
    {
        if (ReferenceEquals(this, other)) return;
        if (other is RichTextFragment fragment) Join(fragment.Text, fragment.Marks, ours, theirs);
        else Join(((RichTextState)other)._text, ((RichTextState)other)._marks, ours, theirs);
    }

    public override void CheckJoin(DotState other)
    {
        if (other is RichTextFragment fragment) _text.CheckJoin(fragment.Text);
    }

    public override DotState Unseen(VersionVector peer, HashSet<Dot> kept)
    {
        var unseen = new List<Mark>();
        foreach (var mark in _marks)
            if (peer.Contains(mark.Dot)) kept.Add(mark.Dot);
            else unseen.Add(mark);
        return new RichTextFragment((TextFragment)_text.Unseen(peer, kept), unseen);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Marks go as <see cref="MarkCompaction"/> says. Of the characters, those stay to which a mark that is left is anchored, though a removal of a map's
    /// key took them: what that removal had not seen is marked as before.
    /// </remarks>
    public override void Compact(VersionVector stable)
    {
        if (_marks.Count > 0)
        {
            var left = MarkCompaction.Retained(_marks, _edges, stable);
            _marks.Clear();
            _marks.AddRange(left);
        }
        _text.CompactBut(Anchors(), stable);
        Refer();
    }

    public void Reset(VersionVector seen, Dot by)
    {
        _text.Reset(seen, by);
        _marks.RemoveAll(mark => seen.Contains(mark.Dot));
        Refer();
    }

    private void Join(DotState text, List<Mark> their, CausalContext ours, CausalContext theirs)
    {
        _text.Join(text, ours, theirs);
        var mine = _marks.ToArray();
        _marks.Clear();
        var (i, j) = (0, 0);
        while (i < mine.Length || j < their.Count)
        {
            var order = i == mine.Length ? 1 : j == their.Count ? -1 : mine[i].CompareTo(their[j]);
            if (order == 0 || (order < 0 && !theirs.Contains(mine[i].Dot))) _marks.Add(mine[i]);
            else if (order > 0 && !ours.Contains(their[j].Dot)) _marks.Add(their[j]);
            if (order <= 0) i++;
            if (order >= 0) j++;
        }
        Refer();
    }

    private HashSet<Dot> Anchors()
    {
        var anchors = new HashSet<Dot>();
        foreach (var mark in _marks)
        {
            if (!mark.Operation.Start.IsBorder) anchors.Add(mark.Operation.Start.Character);
            if (!mark.Operation.End.IsBorder) anchors.Add(mark.Operation.End.Character);
        }
        return anchors;
    }

    /// <summary>Finds all ends of marks anew: characters may be there by now, or have other ordinals.</summary>
    private void Refer()
    {
        _edges.Reset(_marks);
        _settled = default;
    }
}
