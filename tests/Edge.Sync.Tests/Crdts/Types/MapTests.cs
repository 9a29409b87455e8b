using Edge.Sync.Crdts;
using static Edge.Sync.Tests.Crdts.Types.TestValues;

namespace Edge.Sync.Tests.Crdts.Types;

public sealed class MapTests
{
    private static readonly ValueBytes s_pump = V("pump");

    [Fact]
    public void Edit_that_the_remover_had_not_seen_keeps_the_key_and_itself()
    {
        var (alice, bob) = (new MapState(), new MapState());
        Add(alice, A(1), 30).Into(alice, bob);
        var removal = alice.Remove(A(3), s_pump).Into(alice);
        var edit = Add(bob, B(1), 5).Into(bob);
        Assert.False(alice.Contains(s_pump));
        Assert.Equal(35, Minutes(bob));
        edit.Into(alice);
        removal.Into(bob);
        Assert.Equal((5, 5), (Minutes(alice), Minutes(bob)));
        Assert.Equal((1, 1), (alice.Count, bob.Count));
        Assert.Equal(Laws.Bytes.Canonical(alice), Laws.Bytes.Canonical(bob));
    }

    [Fact]
    public void Key_set_again_after_a_removal_starts_anew()
    {
        var map = new MapState();
        Add(map, A(1), 30).Into(map);
        map.Remove(A(3), s_pump).Into(map);
        Assert.True(map.IsEmpty);
        Add(map, A(4), 1).Into(map);
        Assert.Equal(1, Minutes(map));
    }

    [Fact]
    public void Stable_increments_under_a_key_are_one_sum_and_go_together()
    {
        var map = new MapState();
        var stable = new VersionVector();
        for (ulong counter = 1; counter < 200; counter += 2) Add(map, A(counter), 1).Into(map);
        var before = Laws.Bytes.Of(map, out _).Length;
        stable.Include(A(200));
        map.Compact(stable);
        Assert.Equal(100, Minutes(map));
        Assert.InRange(Laws.Bytes.Of(map, out _).Length, 1, before / 10);
        Add(map, A(201), 1).Into(map);
        map.Remove(A(203), s_pump).Into(map);
        Assert.True(map.IsEmpty);
    }

    [Fact]
    public void Two_kinds_under_one_key_lie_beside_each_other()
    {
        var map = new MapState();
        Add(map, A(1), 30).Into(map);
        map.Edit(s_pump, new RegisterState().Set(B(1), V("old app"))).Into(map);
        Assert.Equal(30, Minutes(map));
        Assert.Equal(1, ((RegisterState)map.Find(s_pump, CrdtKind.Register)!).Count);
        Assert.Equal(1, map.Count);
    }

    [Fact]
    public void Text_under_a_removed_key_loses_what_the_remover_had_seen()
    {
        var (alice, bob) = (new MapState(), new MapState());
        Write(alice, A(1), 0, "seen ").Into(alice, bob);
        var removal = alice.Remove(A(7), s_pump).Into(alice);
        var typing = Write(bob, B(1), 5, "unseen").Into(bob);
        typing.Into(alice);
        removal.Into(bob);
        Assert.Equal("unseen", ((TextState)alice.Find(s_pump, CrdtKind.Text)!).ToString());
        Assert.Equal(Laws.Bytes.Canonical(alice), Laws.Bytes.Canonical(bob));
    }

    [Fact]
    public void Text_under_a_removed_key_is_gone_once_the_removal_is_stable_and_not_before()
    {
        var map = new MapState();
        Write(map, A(1), 0, "a long text").Into(map);
        map.Remove(A(13), s_pump).Into(map);
        map.Compact(Upto(A(12)));
        Assert.False(map.IsEmpty);
        map = (MapState)Laws.Bytes.Copy(map);
        map.Compact(Upto(A(13)));
        Assert.True(map.IsEmpty);
    }

    [Fact]
    public void Text_that_was_typed_into_a_removed_one_keeps_what_it_hangs_below_and_no_more()
    {
        var (alice, bob) = (new MapState(), new MapState());
        Write(alice, A(1), 0, "seen by both, and then").Into(alice, bob);
        var removal = alice.Remove(A(24), s_pump).Into(alice);
        var typing = Write(bob, B(1), 4, "!").Into(bob);
        removal.Into(bob);
        typing.Into(alice);
        foreach (var map in new[] { alice, bob }) map.Compact(Upto(A(24), B(2)));
        Assert.Equal(Laws.Bytes.Canonical(alice), Laws.Bytes.Canonical(bob));
        // Bob's mark hangs below the space behind it, and that below the first word: "seen ".
        var whole = ((TextState)alice.Find(s_pump, CrdtKind.Text)!);
        Assert.Equal("!", whole.ToString());
        Assert.Equal("94920001" + "C40C" + "01050101" + "010101" + "010E00" + "0203" + "A121" + "9292001790", HexOf(whole));
        alice.Remove(A(25), s_pump).Into(alice);
        alice.Compact(Upto(A(25), B(2)));
        Assert.True(alice.IsEmpty);
    }

    [Fact]
    public void Refused_text_leaves_the_map_as_it_was()
    {
        var map = new MapState();
        var foreign = new TextState();
        foreign.Join(foreign.Insert(B(1), 0, "ab"), default);
        Assert.Throws<EdgeDataException>(() => map.Join(map.Edit(s_pump, foreign.Insert(A(1), 1, "x")), default));
        Assert.True(map.IsEmpty);
        Add(map, A(1), 30).Into(map);
        var before = Laws.Bytes.Canonical(map);
        Assert.Throws<EdgeDataException>(() => map.Join(map.Edit(s_pump, foreign.Insert(A(3), 1, "x")), default));
        Assert.Equal(before, Laws.Bytes.Canonical(map));
    }

    [Fact]
    public void Maps_lie_in_each_other_to_the_stated_depth_and_no_deeper()
    {
        var delta = (Delta)new RegisterState().Set(A(1), V("leaf"));
        for (var i = 0; i < MapState.DepthMax; i++) delta = MapDelta.Edit(s_pump, delta);
        Assert.Throws<ArgumentException>(() => MapDelta.Edit(s_pump, delta));
        Assert.Equal(MapState.DepthMax + 1, delta.DotCount);

        var map = new MapState();
        map.Join(Laws.Bytes.Copy(delta), default);
        var copy = (MapState)Laws.Bytes.Copy(map);
        for (var i = 1; i < MapState.DepthMax; i++) copy = (MapState)copy.Find(s_pump, CrdtKind.Map)!;
        Assert.Equal(1, ((RegisterState)copy.Find(s_pump, CrdtKind.Register)!).Count);
    }

    private static VersionVector Upto(params Dot[] dots)
    {
        var version = new VersionVector();
        foreach (var dot in dots) version.Include(dot);
        return version;
    }

    private static string HexOf(CrdtState state) => Convert.ToHexString(Laws.Bytes.Of(state, out _));

    private static MapDelta Add(MapState map, Dot dot, long minutes) =>
        map.Edit(s_pump, ((CounterState)map.FindOrNew(s_pump, CrdtKind.Counter)).Add(dot, minutes));

    private static MapDelta Write(MapState map, Dot dot, int index, string text) =>
        map.Edit(s_pump, ((TextState)map.FindOrNew(s_pump, CrdtKind.Text)).Insert(dot, index, text));

    private static long Minutes(MapState map) => ((CounterState)map.FindOrNew(s_pump, CrdtKind.Counter)).Value;
}
