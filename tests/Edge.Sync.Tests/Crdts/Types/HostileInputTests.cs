using Edge.Sync.Crdts;
using static Edge.Sync.Tests.Crdts.Types.TestValues;

namespace Edge.Sync.Tests.Crdts.Types;

public sealed class HostileInputTests
{
    public static TheoryData<byte> Kinds => [.. Enum.GetValues<CrdtKind>().Select(k => (byte)k)];

    [Theory, MemberData(nameof(Kinds))]
    public void Arrays_in_arrays_without_end_are_refused_and_break_no_stack(byte kind)
    {
        foreach (byte header in new byte[] { 0x91, 0x92, 0x93, 0x94, 0x95, 0x98, 0x81 })
        {
            var bytes = Enumerable.Repeat(header, 1_000_000).ToArray();
            Assert.Throws<EdgeDataException>(() => Laws.Bytes.Read((CrdtKind)kind, bytes, [Alice]));
            Assert.Throws<EdgeDataException>(() => Laws.Bytes.Read((CrdtKind)kind, A(1), bytes, [Alice]));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Huge_count_is_refused_before_anything_is_allocated(byte kind)
    {
        foreach (var length in new uint[] { 1_000_000, int.MaxValue, 0x80000000, uint.MaxValue })
        {
            byte[] bytes = [0xDD, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, 0x01, 0x02];
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<EdgeDataException>(() => Laws.Bytes.Read((CrdtKind)kind, bytes, [Alice]));
            Assert.Throws<EdgeDataException>(() => Laws.Bytes.Read((CrdtKind)kind, A(1), bytes, [Alice]));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        }
    }

    [Theory]
    [InlineData(19)]
    [InlineData(255)]
    public void Kind_that_this_version_does_not_know_is_refused_by_name(byte kind)
    {
        Assert.False(CrdtState.IsKnown((CrdtKind)kind));
        Assert.Equal("state.kind", Assert.Throws<EdgeDataException>(() => Laws.Bytes.Read((CrdtKind)kind, [0x90], [])).Field);
        Assert.Equal("delta.kind", Assert.Throws<EdgeDataException>(() => Laws.Bytes.Read((CrdtKind)kind, A(1), [0x90], [])).Field);
    }

    [Fact]
    public void Maps_in_maps_beyond_the_stated_depth_are_refused()
    {
        // [key, kind 15, [key, kind 15, ...
        byte[] bytes = [.. Enumerable.Repeat<byte[]>([0x93, 0x01, 0x0F], MapState.DepthMax + 1).SelectMany(b => b), 0x91, 0x01];
        Assert.Contains("16", Assert.Throws<EdgeDataException>(() => Laws.Bytes.Read(CrdtKind.Map, A(1), bytes, [Alice])).Message, StringComparison.Ordinal);
    }
}
