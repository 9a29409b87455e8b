using Edge.Sync.Documents;
using Edge.Sync.Log;

namespace Edge.Sync.Projections;

/// <summary>
/// Judges whether sections name only what lies in the past of their change, or before them in it. One that does not is void as a whole: whoever has the operation that it names would
/// remove it or stand beside it, and whoever does not have it yet would pass over it. See docs/decisions/0023-no-dot-from-outside-of-the-past.md.
/// </summary>
/// <remarks>
/// <para>The verdict follows from the change, and from headers of what it follows: it is the same on every replica, in whatever order changes came. Most are found by the change's own header;
/// else <see cref="ChangePasts"/> is asked.</para>
/// <para>Not safe for use by several threads at once.</para>
/// </remarks>
/// <param name="tree">The branches of feeds.</param>
/// <param name="pasts">Called where the change's header does not tell.</param>
internal sealed class PastJudge(FeedTree tree, Func<ChangePasts> pasts) : ISectionJudge, IDotVisitor
{
    private readonly List<int> _void = [];
    private Change? _change;
    private HashSet<ReplicaId>? _seen;
    private ulong _ownLast;
    private bool _isOutside;

    /// <summary>The same change, with those sections marked as void that are, of those that were judged. Itself where all are marked as they should be.</summary>
    public Change Mark(Change change)
    {
        if (change != _change) return change;
        return change.Ruling?.VoidSections is null && _void.Count == 0 ? change : change.WithVoid(_void);
    }

    public bool IsVoid(Change change, int number, DocumentSection section)
    {
        if (change != _change) Begin(change);
        var written = change.Written;
        _isOutside = false;
        _ownLast = written.First - 1;
        // By number: an enumerator of the list would be an object for each section.
        var operations = section.Operations;
        for (var i = 0; i < operations.Count && !_isOutside; i++)
        {
            var delta = operations[i].Delta;
            if (delta.DotCount > 0) _ownLast = delta.First.Counter + (ulong)delta.DotCount - 1;
            delta.VisitNamed(this);
        }
        if (!_isOutside && _void.Count == 0) return false;
        var at = _void.BinarySearch(number);
        if (_isOutside && at < 0) _void.Insert(~at, number);
        else if (!_isOutside && at >= 0) _void.RemoveAt(at);
        return _isOutside;
    }

    void IDotVisitor.Visit(Dot dot) => _isOutside = _isOutside || !IsInPast(_change!, dot);

    // Sections that cannot be read now keep the verdict that was found when they could.
    private void Begin(Change change)
    {
        _change = change;
        _seen = null;
        _void.Clear();
        if (change.Ruling?.VoidSections is { } known) _void.AddRange(known);
    }

    private bool IsInPast(Change change, Dot dot)
    {
        var written = change.Written;
        if (dot.Replica == written.Replica && dot.Counter >= written.First) return dot.Counter <= _ownLast;
        if (!tree.IsEmpty)
        {
            _seen ??= tree.SeenBy(change.Before, change.Header.Dependencies, change.Header.Replica);
            if (!tree.IsName(dot.Replica, _seen)) return false;
            if (change.Names is { } names) dot = names.Dots[dot];
        }
        if (dot.Replica == change.Before.Replica && dot.Counter <= change.Before.Counter) return true;
        foreach (var dependency in change.Header.Dependencies)
            if (dependency.Replica == dot.Replica && dot.Counter <= dependency.Counter) return true;
        return pasts().Contains(change, dot);
    }
}
