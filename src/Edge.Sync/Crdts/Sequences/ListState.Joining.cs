using System.Runtime.InteropServices;
using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>Whole states and parts of them; what goes with the key of a map; what may go for good.</summary>
/// <remarks>
/// States join without contexts: places only come, and what an element lost is kept beside it until that is stable. Of each replica a state
/// holds the places up to some counter, since its feed arrives in order: those beyond are the ones that the other lacks.
/// </remarks>
internal sealed partial class ListState
{
    /// <exception cref="EdgeDataException">A fragment refers to places or elements that are not there. Nothing is changed.</exception>
    public override void Join(DotState other, CausalContext ours, CausalContext theirs)
    {
        if (ReferenceEquals(this, other)) return;
        var pieces = CheckedPieces(other, out var list, out var edited);
        var known = _elements.Count;
        Append(list, pieces);
        Adopt(list, edited, known);
    }

    public override void CheckJoin(DotState other) => CheckedPieces(other, out _, out _);

    /// <summary>The places beyond what <paramref name="peer"/> has seen, and the elements of which it has not seen all.</summary>
    public override DotState Unseen(VersionVector peer, HashSet<Dot> kept)
    {
        var after = new ulong[_dots.ReplicaCount];
        for (var i = 0; i < after.Length; i++) after[i] = peer[_dots.ReplicaAt(i)];
        var pieces = ParentsFirst.Of(_runs, _dots, after);
        var changed = new List<int>();
        var items = _elements.Items;
        for (var i = 0; i < items.Length; i++)
            if (items[i].Element is { } element && !(element.IsWithin(peer) && !_dots.IsAfter(items[i].Home, after))) changed.Add(i);
        var part = new ListState();
        part.AppendAnchors(this, pieces, changed, after);
        part.Append(this, pieces);
        part.Adopt(this, changed, 0);
        return new ListFragment(part, peer);
    }

    /// <summary>Ends the lives that whoever removed the key had seen; the others stay.</summary>
    public void Reset(VersionVector seen, Dot by)
    {
        for (var i = 0; i < _elements.Count; i++)
        {
            if (_elements.Items[i].Element is null && !seen.Contains(NameOf(i))) continue;
            var before = VisibleOrdinal(i);
            EditableElement(i).Reset(seen, by);
            Show(i, before);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// An element goes once each of its lives was ended by a stable deletion: whoever edits from then on does not see it. A place goes once its
    /// element has gone, or has a stable move to another place; if it is not the home of an element that is there, since its dot is the name of that
    /// one; and if all below it in the tree have gone, which depend on it for their order. Nobody names it then: an insertion names a place where its
    /// author sees an element. When something goes depends on the stable version alone, not on the steps in which it was reached.
    /// </remarks>
    public override void Compact(VersionVector stable)
    {
        var isChanged = false;
        var stay = new HashSet<int>();
        var alive = new List<int>();
        for (var i = 0; i < _elements.Count; i++)
        {
            ref readonly var item = ref _elements.Items[i];
            isChanged |= item.Element?.Compact(stable) == true;
            if (item.Element is { Lives.Length: 0 }) continue;
            stay.Add(item.Home);
            if (item.Element is null) continue;
            alive.Add(i);
            foreach (var place in item.Element.Places) stay.Add(place.Ordinal);
        }
        if (!isChanged) return;
        var rest = new ListState();
        rest.Append(this, ParentsFirst.Of(_runs, _dots, new ulong[_dots.ReplicaCount], _tree.KeptLengths(ordinal => !stay.Contains(ordinal), s_noPairs)), stay);
        rest.Adopt(this, alive, 0);
        (_dots, _runs, _order, _tree, _elements) = (rest._dots, rest._runs, rest._order, rest._tree, rest._elements);
    }

    /// <summary>The places that this list lacks, and the elements that were edited. A peer may send anything, so all is looked at before anything changes.</summary>
    private List<Piece> CheckedPieces(DotState state, out ListState other, out List<int> edited)
    {
        var fragment = state as ListFragment;
        other = fragment?.Part ?? (ListState)state;
        var after = new ulong[other._dots.ReplicaCount];
        for (var i = 0; i < after.Length; i++)
            after[i] = Math.Max(_dots.CounterMax(other._dots.ReplicaAt(i)), fragment?.PeerCounter(other._dots.ReplicaAt(i)) ?? 0);
        var pieces = ParentsFirst.Of(other._runs, other._dots, after);
        var count = 0;
        foreach (var piece in pieces)
        {
            count += piece.Length;
            if (other._runs.ParentOf(piece.Ordinal, out _) is > 0 and var parent && !other._dots.IsAfter(parent, after) && Map(other, parent) < 0)
                throw Refused("list.place", $"there is no place {other._dots.DotOf(parent)}");
        }
        CheckRoom(count);
        edited = [];
        for (var i = 0; i < other._elements.Count; i++)
        {
            if (other._elements.Items[i].Element is not { } element) continue;
            CheckEdited(other, i, element, after);
            edited.Add(i);
        }
        return pieces;
    }

    private void CheckEdited(ListState other, int number, ListElement element, ulong[] after)
    {
        var home = other._elements.Items[number].Home;
        var mine = other._dots.IsAfter(home, after) ? -1 : CheckedElement(other._dots.DotOf(home));
        foreach (var place in element.Places)
        {
            if (place.Ordinal == home || other._dots.IsAfter(place.Ordinal, after)) continue;
            var ordinal = Map(other, place.Ordinal);
            if (ordinal < 0 || (_elements.At(ordinal) is >= 0 and var there && there != mine))
                throw Refused("list.place", $"place {other._dots.DotOf(place.Ordinal)} is not there, or belongs to another element");
        }
    }

    /// <summary>The ordinal here of an ordinal of another list; -1 where there is none.</summary>
    private int Map(ListState other, int ordinal) => _dots.OrdinalOf(other._dots.DotOf(ordinal));

    /// <summary>Adds places of another list that this one lacks, each behind its parent, and the elements whose homes they are, as they were inserted.</summary>
    private void Append(ListState other, List<Piece> pieces, HashSet<int>? homes = null)
    {
        foreach (var piece in CollectionsMarshal.AsSpan(pieces))
        {
            var parent = other._runs.ParentOf(piece.Ordinal, out var isLeft);
            if (parent > 0) parent = Map(other, parent);
            var ordinal = _runs.OrdinalEnd;
            _dots.Append(ordinal, other._dots, piece);
            var handle = _tree.Place(_runs.Find(parent), piece.Length, parent, isLeft);
            if (other._runs[other._runs.Find(piece.Ordinal)].IsDeleted) _tree.Delete(handle, ordinal - _runs[handle].First, piece.Length);
            for (var i = 0; i < piece.Length; i++)
                if (other._elements.AtHome(piece.Ordinal + i) is >= 0 and var number && homes?.Contains(piece.Ordinal + i) != false) _elements.Add(ordinal + i, other._elements.Items[number].Value);
        }
    }

    /// <summary>Adds, with nothing to be seen there, places of another list that a peer has: those below which some of <paramref name="pieces"/> hang, and those of edited elements.</summary>
    private void AppendAnchors(ListState other, List<Piece> pieces, List<int> edited, ulong[] after)
    {
        var anchors = new HashSet<int>();
        foreach (var piece in pieces)
            if (other._runs.ParentOf(piece.Ordinal, out _) is > 0 and var parent) anchors.Add(parent);
        var homes = new HashSet<int>();
        foreach (var number in edited)
        {
            homes.Add(other._elements.Items[number].Home);
            foreach (var place in other._elements.Items[number].Element!.Places) anchors.Add(place.Ordinal);
        }
        anchors.UnionWith(homes);
        anchors.RemoveWhere(ordinal => other._dots.IsAfter(ordinal, after));
        var ascending = new List<(Dot Dot, int Ordinal)>(anchors.Count);
        foreach (var ordinal in anchors) ascending.Add((other._dots.DotOf(ordinal), ordinal));
        ascending.Sort();
        foreach (var (_, anchor) in ascending)
        {
            var ordinal = _runs.OrdinalEnd;
            _dots.Append(ordinal, other._dots, new(anchor, 1));
            var handle = _tree.Place(RunTable.Root, 1, 0, isLeft: false);
            _tree.Delete(handle, ordinal - _runs[handle].First, 1);
            if (homes.Contains(anchor)) _elements.Add(ordinal, s_nil);
        }
    }

    /// <summary>Joins edited elements of another list, whose places are all here; those from number <paramref name="known"/> on are as the other has them.</summary>
    private void Adopt(ListState other, List<int> edited, int known)
    {
        int MapOrdinal(int ordinal) => Map(other, ordinal);
        foreach (var theirs in edited)
        {
            var item = other._elements.Items[theirs];
            var number = _elements.AtHome(Map(other, item.Home));
            if (number >= known) _elements.Items[number].Element = item.Element!.Clone(MapOrdinal);
            else EditableElement(number).Join(item.Element!, MapOrdinal);
            var home = _elements.Items[number].Home;
            var visible = VisibleOrdinal(number);
            SetVisible(home, home == visible);
            foreach (var place in _elements.Items[number].Element!.Places)
            {
                if (place.Ordinal != home) _elements.AddPlace(place.Ordinal, number);
                SetVisible(place.Ordinal, place.Ordinal == visible);
            }
            Simplify(number);
        }
    }
}
