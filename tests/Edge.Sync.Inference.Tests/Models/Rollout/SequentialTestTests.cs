namespace Edge.Sync.Inference.Tests.Models.Rollout;

public class SequentialTestTests
{
    private const int Runs = 20_000;

    // What a rollout uses unless it is told otherwise.
    private static readonly SequentialTest s_test = new RolloutPlan().ToTest();

    [Theory]
    [InlineData(0.001, 0, 0.0025)]
    [InlineData(0.02, 0.98, 1)]
    [InlineData(0.05, 0.999, 1)]
    [InlineData(0.2, 0.999, 1)]
    public void Share_of_runs_that_are_called_bad_lies_within_the_bounds(double faultRate, double least, double most)
    {
        var random = new Random(1);
        var bad = 0;
        for (var run = 0; run < Runs; run++)
            if (SequentialTrial.Run(s_test, random, faultRate).Verdict == SequentialVerdict.Bad)
                bad++;
        Assert.InRange((double)bad / Runs, least, most);
    }

    [Fact]
    public void Two_percent_of_faults_are_caught_within_200_frames_in_the_median()
    {
        var random = new Random(2);
        var frames = Enumerable.Range(0, 5_000).Select(_ => SequentialTrial.Run(s_test, random, 0.02)).Where(static r => r.Verdict == SequentialVerdict.Bad).Select(static r => r.Frames).Order().ToList();
        Assert.InRange(frames[frames.Count / 2], 20, 200);
    }

    [Fact]
    public void Evidence_in_portions_decides_as_evidence_one_by_one_does()
    {
        Assert.Equal(SequentialVerdict.Open, s_test.Judge(0, 0));
        Assert.Equal(SequentialVerdict.Bad, s_test.Judge(3, 3));
        Assert.Equal(SequentialVerdict.Good, s_test.Judge(1_000, 0));
        Assert.Equal(SequentialVerdict.Bad, s_test.Judge(long.MaxValue, long.MaxValue));
        Assert.Equal(SequentialVerdict.Good, s_test.Judge(long.MaxValue, 0));
    }
}
