using Edge.Sync.Causality;
using Edge.Sync.Crdts;
using Edge.Sync.Crdts.Sequences;
using Edge.Sync.Tests.Crdts.Laws;
using Edge.Sync.Tests.Crdts.Subjects;
using static Edge.Sync.Tests.Crdts.Types.TestValues;

namespace Edge.Sync.Tests.Crdts.Sequences;

/// <summary>Places that survive edits, beside a model that follows the character by its name.</summary>
public sealed class AnchorTests
{
    [Fact]
    public void Place_in_a_text_is_beside_its_character_on_every_replica_whatever_was_edited()
    {
        var random = new Random(11);
        for (var seed = 1; seed <= 60; seed++)
        {
            var history = new TextHistory(seed, 2 + (seed % 4), seed % 3);
            var anchors = new List<Anchor>();
            for (var round = 0; round < 8; round++)
            {
                history.Run(15);
                var replica = history.Replicas[random.Next(history.Replicas.Count)];
                var text = replica.Text.ToString();
                var index = random.Next(text.Length + 1);
                if (index < text.Length && char.IsLowSurrogate(text[index])) index--;
                foreach (var isBehind in new[] { true, false })
                {
                    var anchor = replica.Text.AnchorAt(index, isBehind);
                    Assert.Equal(index, replica.Text.IndexOf(anchor));
                    if (index > 0 && isBehind) Assert.Equal(replica.Model.DotAt(index - 1), anchor.Dot);
                    anchors.Add(anchor);
                }
                foreach (var other in history.Replicas) CheckAll(other, anchors, seed);
            }
            history.DeliverAll();
            foreach (var replica in history.Replicas) CheckAll(replica, anchors, seed);
        }
    }

    [Fact]
    public void Insertion_at_a_place_comes_after_it_or_before_it_as_its_side_says()
    {
        var text = new TextState();
        text.Join(text.Insert(A(1), 0, "ab"), default);
        var (behind, before) = (text.AnchorAt(1, isBehind: true), text.AnchorAt(1, isBehind: false));
        text.Join(text.Insert(B(1), 1, "xyz"), default);
        Assert.Equal((1, 4), (text.IndexOf(behind), text.IndexOf(before)));
        text.Join(text.Delete(default, 0, 5), default);
        Assert.Equal((0, 0), (text.IndexOf(behind), text.IndexOf(before)));
    }

    [Fact]
    public void Start_and_end_stay_start_and_end()
    {
        var text = new TextState();
        var (start, end) = (text.AnchorAt(0, isBehind: true), text.AnchorAt(0, isBehind: false));
        text.Join(text.Insert(A(1), 0, "abc"), default);
        Assert.Equal((0, 3), (text.IndexOf(start), text.IndexOf(end)));
        Assert.Equal(-1, text.IndexOf(new(B(7), true)));
    }

    [Fact]
    public void Place_is_never_inside_a_surrogate_pair()
    {
        var text = new TextState();
        text.Join(text.Insert(A(1), 0, "a\U0001F600b"), default);
        Assert.Throws<ArgumentOutOfRangeException>(() => text.AnchorAt(2, isBehind: true));
        foreach (var hostile in new Anchor[] { new(A(2), true), new(A(3), false) }) Assert.Equal(3, text.IndexOf(hostile));
    }

    [Fact]
    public void Place_in_a_list_goes_with_its_element()
    {
        var list = new ListState();
        list.Insert(A(1), 0, V("a"), V("b"), V("c")).Into(list);
        var (behind, before) = (list.AnchorAt(1, isBehind: true), list.AnchorAt(1, isBehind: false));
        list.Move(A(4), 0, 1, 2).Into(list);
        Assert.Equal((3, 0), (list.IndexOf(behind), list.IndexOf(before)));
        list.Delete(A(5), 2, 1).Into(list);
        Assert.Equal(2, list.IndexOf(behind));
        Assert.Equal(-1, list.IndexOf(new(A(4), true))); // a place's dot, not an element's
    }

    [Fact]
    public void Place_in_a_list_is_beside_its_element_on_every_replica_whatever_was_edited()
    {
        var subject = new ListSubject();
        for (var seed = 0; seed < 40; seed++)
        {
            var history = new Laws.History(subject, seed, 3);
            var anchors = new List<Anchor>();
            for (var i = 0; i < 60; i++)
            {
                if (history.Step() is not { } replica) continue;
                var list = (ListState)replica.State;
                var at = history.Random.Next(list.Count + 1);
                var made = list.AnchorAt(at, history.Random.Next(2) == 0);
                Assert.Equal(at, list.IndexOf(made));
                anchors.Add(made);
                foreach (var anchor in anchors.Where(a => a.Dot.Counter > 0))
                {
                    var index = Enumerable.Range(0, list.Count).Where(e => list.ElementAt(e) == anchor.Dot).Select(e => (int?)e).SingleOrDefault();
                    if (index is { } there) Assert.Equal(there + (anchor.IsBehind ? 1 : 0), list.IndexOf(anchor));
                    else Assert.InRange(list.IndexOf(anchor), -1, list.Count);
                }
            }
        }
    }

    private static void CheckAll(TextHistory.Replica replica, List<Anchor> anchors, int seed)
    {
        foreach (var anchor in anchors)
        {
            var index = replica.Text.IndexOf(anchor);
            if (anchor.Dot.Counter == 0)
            {
                Assert.Equal(anchor.IsBehind ? 0 : replica.Text.Length, index);
            }
            else if (replica.Model.Contains(anchor.Dot))
            {
                var (before, isVisible) = replica.Model.Find(anchor.Dot);
                Assert.True(before + (isVisible && anchor.IsBehind ? 1 : 0) == index, $"With seed {seed}, {anchor} is at {index}.");
            }
            else
            {
                Assert.Equal(-1, index);
            }
        }
    }
}
