using Edge.Sync.Tests.Documents.Types;
using Edge.Sync.Tests.Log;
using static Edge.Sync.Tests.Rejecting.Judging;

namespace Edge.Sync.Tests.Rejecting;

/// <summary>A rejected change has no effect, on no type, and what others built on it has its place.</summary>
public class RejectTests
{
    private static readonly DocumentId s_id = DocumentId.Named("plant");

    private readonly Replica _a = Changes.NewReplica(1);
    private readonly Replica _b = Changes.NewReplica(2);
    private readonly Replica _c = Changes.NewReplica(3);

    public RejectTests() => Edit<Plant>(_a, s_id, static plant => { });

    [Fact]
    public void Text_beside_a_rejected_text_stays_and_the_text_goes()
    {
        var hello = Edit<Plant>(_a, s_id, static plant => plant.Notes.Append("hello"));
        Changes.Push(_a, _b);
        Edit<Plant>(_b, s_id, static plant => plant.Notes.Append("!"));
        Reject(_a, hello);
        AssertAll(static plant => Assert.Equal("!", plant.Notes.Value));
        Edit<Plant>(_c, s_id, static plant => plant.Notes.Insert(0, "hi"));
        AssertAll(static plant => Assert.Equal("hi!", plant.Notes.Value));
    }

    [Fact]
    public void Text_that_a_rejected_change_deleted_is_there_again_unless_another_deleted_it_too()
    {
        Edit<Plant>(_a, s_id, static plant => plant.Notes.Append("abcd"));
        Changes.Push(_a, _b);
        var deletion = Edit<Plant>(_a, s_id, static plant => plant.Notes.Delete(1, 2));
        Edit<Plant>(_b, s_id, static plant => plant.Notes.Delete(2, 2));
        Reject(_a, deletion);
        AssertAll(static plant => Assert.Equal("ab", plant.Notes.Value));
    }

    [Fact]
    public void Value_that_a_rejected_one_had_replaced_is_there_again()
    {
        Edit<Plant>(_a, s_id, static plant => plant.Name = "first");
        var second = Edit<Plant>(_a, s_id, static plant => plant.Name = "second");
        Reject(_a, second);
        AssertAll(static plant => Assert.Equal("first", plant.Name));
    }

    [Fact]
    public void Value_that_replaced_a_rejected_one_is_in_no_conflict_with_what_that_had_replaced()
    {
        Edit<Plant>(_a, s_id, static plant => plant.Status.Value = "first");
        Changes.Push(_a, _b);
        var second = Edit<Plant>(_b, s_id, static plant => plant.Status.Value = "second");
        Changes.Push(_b, _c);
        // Its author does not know of the rejection.
        Edit<Plant>(_c, s_id, static plant => plant.Status.Value = "third");
        Changes.Push(_b, _a);
        Reject(_a, second);
        AssertAll(static plant => Assert.Equal("third", Assert.Single(plant.Status.Values).Value));
    }

    [Fact]
    public void Chain_of_rejected_values_leaves_none_of_what_they_had_replaced_beside_the_last()
    {
        Edit<Plant>(_a, s_id, static plant => plant.Status.Value = "0");
        List<ChangeId> rejected = [.. Enumerable.Range(1, 3).Select(i => Edit<Plant>(_a, s_id, plant => plant.Status.Value = $"{i}"))];
        Changes.Push(_a, _b);
        Edit<Plant>(_b, s_id, static plant => plant.Status.Value = "last");
        foreach (var id in rejected) Reject(_a, id);
        Assert.Equal("0", Read<Plant>(_a, s_id).Status.Value);
        AssertAll(static plant => Assert.Equal("last", Assert.Single(plant.Status.Values).Value));
    }

    [Fact]
    public void Counters_sets_flags_maps_and_lists_are_as_if_the_change_had_not_been()
    {
        Edit<Plant>(_a, s_id, static plant =>
        {
            plant.Minutes.Add(9);
            plant.Tags.Add("kept");
            plant.Plan.Insert(0, "kept");
            plant.Stock["kept"].Add(1);
            plant.Outline.Insert(NodeId.Root, 0, "kept");
        });
        var before = StateOf<Plant>(_a, s_id);
        var change = Edit<Plant>(_a, s_id, static plant =>
        {
            plant.Minutes.Add(100);
            plant.Tags.Add("gone");
            plant.Tags.Remove("kept");
            plant.NeedsAttention.Value = true;
            plant.Peak.Reach(7);
            plant.Plan.Insert(1, "gone");
            plant.Plan[0] = "changed";
            plant.Plan.Move(0, 1);
            plant.Stock["gone"].Add(1);
            plant.Stock.Remove("kept");
            plant.Remarks["gone"].Append("text");
            plant.Outline.Insert(NodeId.Root, 0, "gone");
            plant.Outline.Delete(plant.Outline.Single(static node => node.Value == "kept").Id);
            plant.History.Append("gone");
            plant.Manual.Insert(0, "bold");
            plant.Manual.Mark(0..4, "bold", true);
        });
        Reject(_a, change);
        Assert.Empty(Edge.Sync.Documents.History.DocumentComparison.Compare(Changes.SchemaOf<Plant>(), before, StateOf<Plant>(_a, s_id)).Fields);
        AssertAll(static plant =>
        {
            Assert.Equal(9, plant.Minutes.Value);
            Assert.Equal(["kept"], plant.Tags);
            Assert.Equal(["kept"], plant.Plan);
            Assert.Equal(["kept"], plant.Stock.Keys);
            Assert.Empty(plant.Remarks.Keys);
            Assert.Equal("kept", Assert.Single(plant.Outline).Value);
            Assert.Empty(plant.History);
            Assert.Equal("", plant.Manual.Value);
            Assert.False(plant.NeedsAttention);
        });
    }

    [Fact]
    public void Element_beside_the_place_of_a_rejected_move_has_its_place_and_the_moved_one_is_where_it_was()
    {
        Edit<Plant>(_a, s_id, static plant => { foreach (var text in (string[])["a", "b", "c"]) plant.Plan.Insert(plant.Plan.Count, text); });
        var move = Edit<Plant>(_a, s_id, static plant => plant.Plan.Move(0, 2));
        Changes.Push(_a, _b);
        Edit<Plant>(_b, s_id, static plant => plant.Plan.Insert(3, "behind a"));
        Reject(_a, move);
        AssertAll(static plant => Assert.Equal(["a", "b", "c", "behind a"], plant.Plan));
    }

    [Fact]
    public void Element_of_a_rejected_insertion_that_somebody_set_since_is_there_with_that_value()
    {
        var insertion = Edit<Plant>(_a, s_id, static plant => plant.Plan.Insert(0, "inserted"));
        Changes.Push(_a, _b);
        Edit<Plant>(_b, s_id, static plant => plant.Plan[0] = "set");
        Reject(_a, insertion);
        AssertAll(static plant => Assert.Equal(["set"], plant.Plan));
    }

    [Fact]
    public void Removal_by_one_who_knew_a_rejected_setting_removes_the_element_all_the_same()
    {
        Edit<Plant>(_a, s_id, static plant => plant.Plan.Insert(0, "a"));
        var set = Edit<Plant>(_a, s_id, static plant => plant.Plan[0] = "changed");
        Changes.Push(_a, _b);
        Edit<Plant>(_b, s_id, static plant => plant.Plan.RemoveAt(0));
        Reject(_a, set);
        AssertAll(static plant => Assert.Empty(plant.Plan));
    }

    [Fact]
    public void Document_that_a_rejected_change_deleted_is_there_again_and_one_that_it_made_is_not()
    {
        Edit<Plant>(_a, s_id, static plant => plant.Name = "there");
        _a.Begin();
        var deletion = _a.Edit(draft => draft.Delete(Changes.SchemaOf<Plant>(), s_id))!.Value;
        _a.Commit();
        Assert.False(Exists<Plant>(_a, s_id));
        Reject(_a, deletion);
        AssertAll(static plant => Assert.Equal("there", plant.Name));
        Assert.True(Exists<Plant>(_a, s_id));

        var made = Edit<Plant>(_a, DocumentId.Named("other"), static plant => plant.Name = "made");
        Reject(_a, made);
        Assert.False(Exists<Plant>(_a, DocumentId.Named("other")));
        // Whoever writes to it makes it again.
        Edit<Plant>(_a, DocumentId.Named("other"), static plant => plant.Minutes.Add(1));
        Assert.Equal(("", 1), (Read<Plant>(_a, DocumentId.Named("other")).Name, Read<Plant>(_a, DocumentId.Named("other")).Minutes.Value));
        AssertRebuilt(_a);
    }

    [Fact]
    public void Rejection_is_taken_back_by_rejecting_it()
    {
        Edit<Plant>(_a, s_id, static plant => plant.Name = "first");
        var second = Edit<Plant>(_a, s_id, static plant => (plant.Name, plant.Notes.Value) = ("second", "text"));
        var before = _a.ComputeStateHash();
        var rejection = Reject(_a, second)!.Value;
        Assert.Equal([(second, true)], _a.Ruled);
        Assert.Equal(new Rejection(second, rejection, "wrong"), _a.RejectionOf(second));
        Assert.Null(Reject(_a, second));
        Reject(_a, rejection, "it was right");
        Assert.Equal([(second, false)], _a.Ruled.Where(ruled => ruled.Id == second));
        Assert.Null(_a.RejectionOf(second));
        Assert.NotNull(_a.RejectionOf(rejection));
        Assert.Equal(before, _a.ComputeStateHash());
        AssertAll(static plant => Assert.Equal("second", plant.Name));
    }

    [Fact]
    public void Cap_of_a_rejected_change_is_lifted()
    {
        var stamp = Changes.All(_a)[0].Stamp;
        Changes.Push(_a, _b);
        _b.Begin();
        var cap = _b.CapClock(_a.Log.Self, new(1))!.Value;
        _b.Commit();
        Assert.Equal(new HybridTimestamp(1), Changes.All(_b)[0].Stamp);
        Reject(_b, cap);
        Assert.Equal(stamp, Changes.All(_b)[0].Stamp);
        Changes.Push(_b, _a);
        AssertSame(_a, _b);
    }

    [Fact]
    public void Whoever_accepted_cannot_reject_and_a_record_against_that_has_no_effect_anywhere()
    {
        var change = Edit<Plant>(_a, s_id, static plant => plant.Minutes.Add(5));
        Accept(_a);
        Assert.Throws<InvalidOperationException>(() => Reject(_a, change));
        // What came after the acceptance can be rejected, and so can anything by whoever has another key.
        var later = Edit<Plant>(_a, s_id, static plant => plant.Minutes.Add(7));
        Assert.NotNull(Reject(_a, later));
        AssertAll(static plant => Assert.Equal(5, plant.Minutes.Value));

        // A hostile record by the same key, on another feed, behind the acceptance.
        var record = new Edge.Sync.Log.Records.RejectRecord(_a.Log.Self, Last(_a, change), change, "changed my mind");
        var forged = Changes.Craft(new(9, 9), 1, 1, [.. _a.Log.Heads], 1, record.Write(new byte[16]));
        foreach (var replica in (Replica[])[_a, _b, _c])
        {
            replica.Begin();
            Assert.Equal(Edge.Sync.Log.AdmissionVerdict.Accepted, replica.Apply(forged.Bytes));
            replica.Commit();
            Assert.Equal(5, Read<Plant>(replica, s_id).Minutes.Value);
            Assert.Null(replica.RejectionOf(change));
            var reopened = new Replica(replica.Store, new Microsoft.Extensions.Time.Testing.FakeTimeProvider(), new SeededRandom(4), TimeSpan.FromMinutes(5), TestKeys.Public);
            Assert.Null(reopened.RejectionOf(change));
            reopened.RebuildAll();
            Assert.Null(reopened.RejectionOf(change));
            AssertSame(replica, reopened);
        }
    }

    [Fact]
    public void Rejection_beside_an_acceptance_of_the_same_device_counts_since_it_did_not_know_it()
    {
        var change = Edit<Plant>(_a, s_id, static plant => plant.Minutes.Add(5));
        Changes.Push(_a, _b);
        // All replicas of these tests have one key: two devices of one owner that do not hear of each other.
        Accept(_a);
        Assert.NotNull(Reject(_b, change));
        AssertAll(static plant => Assert.Equal(0, plant.Minutes.Value));
    }

    private static ulong Last(Replica replica, ChangeId id) => replica.Store.ReadChanges(0, int.MaxValue).Single(stored => stored.Id == id).Last.Counter;

    private void AssertAll(Action<Plant> assert)
    {
        Replica[] all = [_a, _b, _c];
        for (var round = 0; round < 2; round++)
            foreach (var source in all)
                foreach (var target in all)
                    if (source != target) Changes.Push(source, target);
        foreach (var replica in all)
        {
            AssertSame(_a, replica);
            Assert.Equal(0, replica.VoidCount);
            assert(Read<Plant>(replica, s_id));
        }
    }
}
