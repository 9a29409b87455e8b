using Edge.Sync.Tests.Crdts.Laws;

namespace Edge.Sync.Tests.Crdts.RichText;

public sealed class RichTextConvergenceTests(ITestOutputHelper output)
{
    [Fact]
    public void Random_histories_render_as_the_model_says_and_converge()
    {
        var repairs = 0;
        for (var seed = 1; seed <= 150; seed++)
        {
            var history = new RichTextHistory(seed, 2 + (seed % 4));
            try
            {
                history.Run(80);
                var bytes = Bytes.Canonical(history.Replicas[0].State);
                foreach (var replica in history.Replicas) Assert.Equal(bytes, Bytes.Canonical(replica.State));
                for (var order = 1; order <= 3; order++) Assert.Equal(bytes, Bytes.Canonical(history.Replay(order)));
            }
            catch (Exception e) when (!TestContext.Current.CancellationToken.IsCancellationRequested) { throw new InvalidOperationException($"Seed {seed} failed: {e.Message}", e); }
            repairs += history.RepairCount;
        }
        output.WriteLine($"{repairs} insertions brought marks of their own.");
        Assert.True(repairs > 50, $"Only {repairs} insertions fell between deleted characters at which marks end.");
    }
}
