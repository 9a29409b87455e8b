namespace Edge.Sync.Inference;

/// <summary>What noise is worth: keeps account of (ε, δ)-differential privacy over rounds by zero-concentrated DP (Bun and Steinke, TCC 2016).</summary>
/// <remarks>
/// A round with noise of deviation z times the clip is 1/(2z²)-zCDP, and rounds add up. Two data sets are neighbours where one device's contributions are replaced by
/// zeros; the number of devices is not secret. Nothing is gained by a device's sitting out a round: no amplification by sampling is claimed. The conversion to (ε, δ)
/// goes over Rényi DP (Mironov, CSF 2017) with the bound of Canonne, Kamath and Steinke (NeurIPS 2020). Not safe for several threads.
/// </remarks>
public sealed class GaussianAccountant
{
    /// <summary>Spent so far, as ρ of zCDP; infinite after a round without noise.</summary>
    public double Rho { get; private set; }

    /// <summary>Counts rounds.</summary>
    /// <param name="noiseMultiplier">The noise's deviation over the clip.</param>
    /// <param name="rounds">How many.</param>
    public void Spend(double noiseMultiplier, int rounds = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(noiseMultiplier);
        ArgumentOutOfRangeException.ThrowIfNegative(rounds);
        if (rounds > 0)
            Rho += rounds / (2 * noiseMultiplier * noiseMultiplier);
    }

    /// <summary>The smallest ε that is proven so, for a given δ.</summary>
    /// <param name="delta">The chance that the promise fails; well below one over the number of devices.</param>
    public double ComputeEpsilon(double delta)
    {
        if (delta is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(delta), delta, "δ lies between 0 and 1.");
        if (Rho == 0 || double.IsInfinity(Rho))
            return Rho;
        // ε(α) = αρ + ln((α−1)/α) − (ln δ + ln α)/(α−1) has one minimum over α > 1: golden section over ln(α − 1).
        var (low, high) = (-15.0, 15.0);
        var ratio = (Math.Sqrt(5) - 1) / 2;
        while (high - low > 1e-9)
        {
            var (left, right) = (high - ratio * (high - low), low + ratio * (high - low));
            if (At(left, delta) < At(right, delta))
                high = right;
            else
                low = left;
        }
        return Math.Max(0, At((low + high) / 2, delta));
    }

    /// <summary>The least noise that keeps rounds within (ε, δ).</summary>
    public static double NoiseFor(double epsilon, double delta, int rounds)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rounds);
        var (low, high) = (1e-3, 1e6);
        while (high / low > 1 + 1e-9)
        {
            var middle = Math.Sqrt(low * high);
            var account = new GaussianAccountant();
            account.Spend(middle, rounds);
            if (account.ComputeEpsilon(delta) > epsilon)
                low = middle;
            else
                high = middle;
        }
        return high;
    }

    private double At(double logAlphaMinusOne, double delta)
    {
        var less = Math.Exp(logAlphaMinusOne);
        var alpha = 1 + less;
        return alpha * Rho + Math.Log(less / alpha) - (Math.Log(delta) + Math.Log(alpha)) / less;
    }
}
