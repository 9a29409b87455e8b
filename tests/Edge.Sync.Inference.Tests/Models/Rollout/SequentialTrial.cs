namespace Edge.Sync.Inference.Tests.Models.Rollout;

/// <summary>A version with a share of faults, judged frame by frame until there is a verdict.</summary>
internal static class SequentialTrial
{
    public static (SequentialVerdict Verdict, int Frames) Run(SequentialTest test, Random random, double faultRate)
    {
        var faults = 0;
        for (var frames = 1; ; frames++)
        {
            if (random.NextDouble() < faultRate)
                faults++;
            if (test.Judge(frames, faults) is not SequentialVerdict.Open and var verdict)
                return (verdict, frames);
        }
    }
}
