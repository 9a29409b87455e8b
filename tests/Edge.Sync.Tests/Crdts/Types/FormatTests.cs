using Edge.Sync.Crdts;
using static Edge.Sync.Tests.Crdts.Types.TestValues;

namespace Edge.Sync.Tests.Crdts.Types;

/// <summary>The bytes of format version 0, each beside what it stands for. They change only with docs/formats.md.</summary>
public sealed class FormatTests
{
    [Fact]
    public void Deltas_have_the_described_bytes()
    {
        Assert.Equal("05", Hex(new CounterState(CrdtKind.GrowCounter).Add(A(1), 5)));
        Assert.Equal("920005", Hex(new BoundedCounterState().Grant(A(1), 5)));
        Assert.Equal("93020501", Hex(new BoundedCounterDelta(A(1), RightsOperation.Transfer, 5, Bob)));
        Assert.Equal("07", Hex(new ExtremeState(CrdtKind.MaxRegister).Reach(A(1), V(7))!));
        Assert.Equal("920190", Hex(new FlagState(CrdtKind.EnableWinsFlag).Set(A(1), true)));
        Assert.Equal("A178", Hex(new GrowSetState().Add(A(1), V("x"))!));
        Assert.Equal("9300A17890", Hex(new RemoveWinsSetState().Remove(A(1), V("x"))));
        Assert.Equal("93A16B0205", Hex(MapDelta.Edit(V("k"), new CounterDelta(CrdtKind.Counter, A(1), 5))));
        Assert.Equal("91A16B", Hex(MapDelta.Touch(A(1), V("k"))));
        Assert.Equal("92A16B920103", Hex(MapDelta.Remove(A(1), V("k"), [B(3)])));
        Assert.Equal("95000190C406810019F8ADCDA178", Hex(new TreeState().Create(A(1), TreeState.Root, 0, V("x"))));
        Assert.Equal("930204920003", Hex(TreeDelta.Delete(A(4), 4, A(3))));
        Assert.Equal("9200A178", Hex(new RichTextState().Insert(A(1), 0, "x")));
        Assert.Equal("98C001A1620100FF0000", Hex(Marked(out _)));
        Assert.Equal("9201A178", Hex(new EventLogState().Append(A(1), V("x"))));
        var list = new ListState();
        list.Insert(A(1), 0, V("x"), V("y")).Into(list);
        Assert.Equal("95000000A178A179", Hex(ListDelta.Insert(A(1), default, false, [V("x"), V("y")])));
        Assert.Equal("940000FFA17A", Hex(list.Insert(A(3), 1, V("z"))));
        Assert.Equal("940001FEA17A", Hex(list.Insert(B(1), 1, V("z"))));
        Assert.Equal("960100FE000101", Hex(list.Move(A(3), 1, 1, 0)));
        Assert.Equal("94020101A17A", Hex(list.Set(B(1), 0, V("z"))));
        Assert.Equal("920393000101", Hex(list.Delete(A(3), 0, 2)));
        list.Set(B(1), 0, V("z")).Into(list);
        Assert.Equal("96020101A1610001", Hex(list.Set(B(2), 0, V("a"))));
        Assert.Equal("930393000200" + "930001" + "9400010101", Hex(list.Delete(A(3), 0, 2)));
    }

    [Fact]
    public void States_have_the_described_bytes()
    {
        Assert.Equal("9400010005", Hex(CrdtKind.GrowCounter, new CounterState(CrdtKind.GrowCounter).Add(A(1), 5)));
        Assert.Equal("98000100050000" + "9090", Hex(CrdtKind.BoundedCounter, new BoundedCounterState().Grant(A(1), 5)));
        Assert.Equal("93000107", Hex(CrdtKind.MinRegister, new ExtremeState(CrdtKind.MinRegister).Reach(A(1), V(7))!));
        Assert.Equal("9292000190", Hex(CrdtKind.DisableWinsFlag, new FlagState(CrdtKind.DisableWinsFlag).Set(A(1), true)));
        Assert.Equal("93A1780001", Hex(CrdtKind.GrowSet, new GrowSetState().Add(A(1), V("x"))!));
        Assert.Equal("93A17890920001", Hex(CrdtKind.RemoveWinsSet, new RemoveWinsSetState().Remove(A(1), V("x"))));
        Assert.Equal("93A16B92000292029390C09400010905", Hex(CrdtKind.Map, MapDelta.Edit(V("k"), new CounterDelta(CrdtKind.Counter, A(1), 5))));
        Assert.Equal("9400909094090001" + "95000190C406810019F8ADCDA178", Hex(CrdtKind.Tree, new TreeState().Create(A(1), TreeState.Root, 0, V("x"))));
        Assert.Equal("9501090001A178", Hex(CrdtKind.EventLog, new EventLogState().Append(A(1), V("x"))));
        Assert.Equal("959100" + "C40701020101000302" + "90C400" + "92A178A179", Hex(CrdtKind.List, ListDelta.Insert(A(1), default, false, [V("x"), V("y")])));
    }

    [Fact]
    public void Rich_text_has_the_described_bytes()
    {
        Marked(out var state);
        // text "ab"; author 0; key "b"; value 1; columns: count, key, value, depth, time, author, counter, start before 0:1, end at the border
        Assert.Equal("95" + "939100C40701020101000302A26162" + "9100" + "91A162" + "9101" + "C40A" + "01000001120006010200", Convert.ToHexString(Laws.Bytes.Of(state, out _)));
    }

    private static Edge.Sync.Crdts.RichText.RichTextDelta Marked(out RichTextState state)
    {
        state = new RichTextState();
        state.Insert(A(1), 0, "ab").Into(state);
        return state.Mark(A(3), 0, 2, "b", V(1), MarkExpansion.After).Into(At(9), state);
    }

    private static string Hex(Delta delta) => Convert.ToHexString(Laws.Bytes.Of(delta, out _));

    private static string Hex(CrdtKind kind, Delta delta)
    {
        var state = CrdtState.Create(kind);
        state.Join(delta, At(9));
        return Convert.ToHexString(Laws.Bytes.Of(state, out _));
    }
}
