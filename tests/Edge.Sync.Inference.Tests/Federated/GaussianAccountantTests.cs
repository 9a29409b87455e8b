namespace Edge.Sync.Inference.Tests.Federated;

public class GaussianAccountantTests
{
    [Theory]
    [InlineData(1.0, 1, 1e-5)]
    [InlineData(4.0, 20, 1e-5)]
    [InlineData(0.5, 3, 1e-6)]
    [InlineData(10.0, 1, 1e-5)]
    [InlineData(2.0, 100, 1e-9)]
    public void Epsilon_lies_between_the_exact_one_and_the_simple_bound(double noise, int rounds, double delta)
    {
        var account = new GaussianAccountant();
        account.Spend(noise, rounds);
        Assert.Equal(rounds / (2 * noise * noise), account.Rho, 12);
        var epsilon = account.ComputeEpsilon(delta);
        // Bun and Steinke, proposition 1.3.
        var simple = account.Rho + 2 * Math.Sqrt(account.Rho * Math.Log(1 / delta));
        var exact = Exact(Math.Sqrt(2 * account.Rho), delta);
        Assert.InRange(epsilon, exact, simple);
        Assert.InRange(epsilon, exact, exact * 1.12 + 0.02);
    }

    [Fact]
    public void One_round_of_deviation_one_is_worth_what_the_literature_says()
    {
        // Balle and Wang (ICML 2018), the Gaussian mechanism with σ = 1 at δ = 1e-5: ε = 4.38.
        Assert.Equal(4.377, Exact(1, 1e-5), 0.005);
        var account = new GaussianAccountant();
        account.Spend(1);
        Assert.InRange(account.ComputeEpsilon(1e-5), 4.377, 4.8);
    }

    [Fact]
    public void Account_without_noise_or_rounds_says_so()
    {
        var account = new GaussianAccountant();
        Assert.Equal(0, account.ComputeEpsilon(1e-5));
        account.Spend(0);
        Assert.Equal(double.PositiveInfinity, account.ComputeEpsilon(1e-5));
        Assert.Throws<ArgumentOutOfRangeException>(() => account.ComputeEpsilon(0));
    }

    [Fact]
    public void Noise_for_a_budget_spends_just_that_budget()
    {
        var account = new GaussianAccountant();
        account.Spend(GaussianAccountant.NoiseFor(epsilon: 3, delta: 1e-6, rounds: 12), 12);
        Assert.Equal(3, account.ComputeEpsilon(1e-6), 1e-6);
    }

    /// <summary>The exact ε of the Gaussian mechanism, of which compositions are one again (Balle and Wang; Dong, Roth, Su): δ = Φ(μ/2 − ε/μ) − e^ε Φ(−μ/2 − ε/μ).</summary>
    private static double Exact(double mu, double delta)
    {
        var (low, high) = (0.0, 500.0);
        for (var i = 0; i < 200; i++)
        {
            var middle = (low + high) / 2;
            if (Phi(mu / 2 - middle / mu) - Math.Exp(middle + LogPhi(-mu / 2 - middle / mu)) > delta)
                low = middle;
            else
                high = middle;
        }
        return high;
    }

    private static double Phi(double x) => Math.Exp(LogPhi(x));

    // By Simpson's rule on the density scaled by its greatest value, so that far tails keep their digits.
    private static double LogPhi(double x)
    {
        const int Steps = 20_000;
        var width = x > 0 ? x + 12 : 12.0;
        var top = x < 0 ? -x * x / 2 : 0;
        var sum = 0.0;
        for (var i = 0; i <= Steps; i++)
        {
            var t = x - width * i / Steps;
            sum += (i == 0 || i == Steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(-t * t / 2 - top);
        }
        return Math.Log(sum * width / Steps / 3 / Math.Sqrt(2 * Math.PI)) + top;
    }
}
