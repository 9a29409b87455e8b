using Edge.Sync.Log;
using Edge.Sync.Storage.Segments;
using Edge.Sync.Tests.Log;

namespace Edge.Sync.Tests.Golden;

/// <summary>Packed changes have the columns that they had when the format was written down, and a segment of then is read back.</summary>
public sealed class GoldenSegmentTests
{
    [Fact]
    public void Columns_of_a_segment_have_the_bytes_of_their_file()
    {
        var (columns, bodies) = SegmentWriter.Write(Changes.Database, Log(), static _ => default);
        var actual = new GoldenText();
        actual.Add("columns", 0, columns);
        actual.Add("bodies", 0, bodies);
        Assert.Equal(GoldenFiles.Read("SegmentColumns", actual), actual.ToString(), ignoreLineEndingDifferences: true);
    }

    /// <summary>Another version of Brotli may write other bytes; those of this file every version reads.</summary>
    [Fact]
    public void Segment_of_the_file_is_read_as_the_changes_that_were_packed()
    {
        var log = Log();
        var written = new GoldenText();
        written.Add("segment", 0, LogSegment.Write(Changes.Database, log, static _ => default));
        var segment = LogSegment.Read(Changes.Database, 1, GoldenText.Parse(GoldenFiles.Read("Segment", written)).All("segment").Single());
        Assert.Equal(log.Select(static stored => (stored.Sequence, stored.Last, stored.Id)), segment.Changes.Select(static stored => (stored.Sequence, stored.Last, stored.Id)));
        Assert.Equal(log.Select(static stored => Convert.ToHexString(stored.Bytes.Span)), segment.Changes.Select(static stored => Convert.ToHexString(stored.Bytes.Span)));
    }

    private static IReadOnlyList<StoredChange> Log()
    {
        var target = Changes.NewReplica(99);
        target.Begin();
        Changes.ApplyAll(target, Changes.Varied(1));
        target.Commit();
        return target.Store.ReadChanges(0, int.MaxValue);
    }
}
