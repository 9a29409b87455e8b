using Edge.Sync.Log;
using Edge.Sync.Storage.Segments;
using Edge.Sync.Tests.Log;

namespace Edge.Sync.Tests.Storage.Segments;

public class LogSegmentTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Changes_of_all_shapes_come_out_as_they_went_in_wherever_the_run_is_cut(int seed)
    {
        var all = Stored(seed);
        var random = new Random(seed);
        for (var round = 0; round < 20; round++)
        {
            var start = random.Next(all.Count);
            var run = all.GetRange(start, random.Next(1, all.Count - start + 1));
            AssertSame(run, LogSegment.Read(Changes.Database, run[0].Sequence, Write(all, run)).Changes);
        }
    }

    [Fact]
    public void Changes_that_columns_cannot_give_are_kept_as_they_are()
    {
        var replica = new ReplicaId(7, 7);
        var regular = Changes.Craft(replica, 1, 3);
        var absent = Stored(1).Select(static stored => Change.Parse(stored.Bytes)).First(static change => change.Body.Length > 100);
        var erased = absent.Erase(static _ => true);
        Assert.True(erased.HasAbsent());
        StoredChange[] odd =
        [
            new(10, regular.Header.Last, Id(1), regular.Bytes), // its id does not follow from it
            new(11, new(new(8, 8), 99), Id(2), Changes.Craft(replica, 4).Bytes), // filed under another feed
            new(12, new(replica, 9), Id(3), Changes.Craft(replica, 9).Bytes), // a gap before it
            new(13, new(replica, 10), Id(4), new byte[] { 1, 2, 3 }), // no change at all
            new(14, erased.Header.Last, Id(5), erased.Bytes, new byte[64]), // follows nothing that is known
            new(15, new(replica, 12), Id(6), Changes.Craft(replica, 12, 1, [new(new(9, 9), 5)]).Bytes), // follows what nobody has
        ];
        AssertSame(odd, LogSegment.Read(Changes.Database, 10, LogSegment.Write(Changes.Database, odd, static _ => default)).Changes);
    }

    [Fact]
    public void Erased_sections_are_packed_as_they_are_stored()
    {
        var all = Stored(2).ConvertAll(static stored => stored with { Bytes = Change.Parse(stored.Bytes).Erase(static document => document.Id.ToByteArray()[0] % 2 == 0).Bytes });
        Assert.Contains(all, static stored => Change.Parse(stored.Bytes).HasAbsent());
        AssertSame(all, LogSegment.Read(Changes.Database, 1, Write(all, all)).Changes);
    }

    [Fact]
    public void Any_flipped_bit_is_found_and_any_cut()
    {
        var all = Stored(3).GetRange(0, 12);
        var bytes = Write(all, all);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.Throws<EdgeDataException>(() => LogSegment.Read(Changes.Database, 1, damaged));
        }
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<EdgeDataException>(() => LogSegment.Read(Changes.Database, 1, bytes.AsMemory(0, length)));
    }

    [Fact]
    public void Begins_with_what_a_scan_of_pages_looks_for()
    {
        var all = Stored(1);
        Assert.True(Write(all, all).AsSpan().StartsWith(LogSegment.Magic));
    }

    /// <summary>Changes of several feeds, some with seals, with the ids that follow from them.</summary>
    private static List<StoredChange> Stored(int seed)
    {
        var random = new Random(seed);
        var target = Changes.NewReplica(seed + 1000);
        var sources = Enumerable.Range(0, 4).Select(i => Changes.NewReplica(seed * 10 + i)).ToArray();
        for (var round = 0; round < 60; round++)
        {
            var author = sources[random.Next(sources.Length)];
            Changes.Edit(author, DocumentId.Named($"{random.Next(5)}"), job =>
            {
                job.Minutes.Add(round);
                if (random.Next(3) == 0) job.Notes.Append(new('x', random.Next(1, 200)));
            });
            if (random.Next(4) == 0) Changes.Push(author, sources[random.Next(sources.Length)]);
            if (random.Next(3) == 0) Changes.Push(author, target);
        }
        return [.. target.Store.ReadChanges(0, int.MaxValue).Select(stored => random.Next(5) == 0 ? stored with { Signature = Id(random.Next()).ToByteArray() } : stored)];
    }

    private static ChangeId Id(int number)
    {
        var bytes = new byte[32];
        BitConverter.TryWriteBytes(bytes, number);
        bytes[31] = 1;
        return new(Hash256.FromBytes(bytes));
    }

    private static byte[] Write(List<StoredChange> all, List<StoredChange> run) =>
        LogSegment.Write(Changes.Database, run, dot => all.Find(stored => stored.Last == dot && stored.Sequence < run[0].Sequence) is { Sequence: > 0 } found ? found.Id : default);

    private static void AssertSame(IReadOnlyList<StoredChange> expected, IReadOnlyList<StoredChange> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.Equal((expected[i].Sequence, expected[i].Last, expected[i].Id), (actual[i].Sequence, actual[i].Last, actual[i].Id));
            Assert.Equal(expected[i].Bytes.ToArray(), actual[i].Bytes.ToArray());
            Assert.Equal(expected[i].Signature.ToArray(), actual[i].Signature.ToArray());
        }
    }
}
