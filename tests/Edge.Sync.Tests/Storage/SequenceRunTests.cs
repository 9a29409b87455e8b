using Edge.Sync.Storage;

namespace Edge.Sync.Tests.Storage;

public class SequenceRunTests
{
    [Fact]
    public void Run_reads_as_it_was_written()
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var run = new SortedSet<long>();
            for (var n = random.Next(300); n > 0; n--)
                run.Add(random.NextInt64(1, 1L << random.Next(1, 63)));
            Assert.Equal([.. run], SequenceRun.Read(SequenceRun.Write([.. run])));
        }
        Assert.Equal([long.MaxValue], SequenceRun.Read(SequenceRun.Write([long.MaxValue])));
        Assert.Equal(4, SequenceRun.Write([1000, 1001, 1002]).Length);
    }

    [Theory]
    [InlineData("80")] // cut short
    [InlineData("0100")] // twice the same
    [InlineData("00")]
    [InlineData("8080808080808080808001")] // too long
    [InlineData("FFFFFFFFFFFFFFFF7F01")] // over the greatest
    public void Bytes_that_are_no_run_are_refused(string hex) => Assert.Throws<InvalidCastException>(() => SequenceRun.Read(Convert.FromHexString(hex)));
}
