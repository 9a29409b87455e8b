namespace Edge.Sync.Inference;

/// <summary>How a <see cref="Trainer"/> learns.</summary>
public sealed record TrainerOptions
{
    /// <summary>How steps are taken.</summary>
    /// <value>The default is <see cref="TrainerMethod.Adam"/>.</value>
    public TrainerMethod Method { get; init; } = TrainerMethod.Adam;

    /// <summary>What is made small.</summary>
    /// <value>The default is <see cref="TrainerLoss.SquaredError"/>.</value>
    public TrainerLoss Loss { get; init; } = TrainerLoss.SquaredError;

    /// <summary>The length of a step.</summary>
    /// <value>The default is 0.01.</value>
    public float LearningRate { get; init; } = 0.01f;

    /// <summary>The part of the last step that the next one goes on with; for <see cref="TrainerMethod.Sgd"/>.</summary>
    /// <value>The default is 0.</value>
    public float Momentum { get; init; }

    /// <summary>Weights shrink by this share of each step's length, apart from the gradient (Loshchilov and Hutter, ICLR 2019).</summary>
    /// <value>The default is 0.</value>
    public float WeightDecay { get; init; }

    /// <summary>The deviation of the noise that is added to inputs but not to targets: a denoising autoencoder (Vincent et al., ICML 2008).</summary>
    /// <value>The default is 0.</value>
    public float InputNoise { get; init; }

    /// <summary>Rows of one step.</summary>
    /// <value>The default is 16.</value>
    public int BatchRows { get; init; } = 16;

    /// <summary>Where the order of rows and the noise come from.</summary>
    /// <value>The default is 1.</value>
    public ulong Seed { get; init; } = 1;

    internal void Validate()
    {
        if (LearningRate is not (> 0 and < float.PositiveInfinity) || Momentum is not (>= 0 and < 1) || WeightDecay is not (>= 0 and < 1) || InputNoise is not (>= 0 and < float.PositiveInfinity))
            throw new ArgumentException($"{nameof(LearningRate)} is greater than 0, {nameof(Momentum)} and {nameof(WeightDecay)} lie from 0 to below 1, {nameof(InputNoise)} is not negative; they are {LearningRate}, {Momentum}, {WeightDecay}, {InputNoise}.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BatchRows);
        if (!Enum.IsDefined(Method) || !Enum.IsDefined(Loss))
            throw new ArgumentException($"There is no method {Method} or loss {Loss}.");
    }
}

/// <summary>How steps are taken.</summary>
public enum TrainerMethod
{
    /// <summary>Stochastic gradient descent, with momentum.</summary>
    Sgd,

    /// <summary>Adam (Kingma and Ba, ICLR 2015), with β₁ 0.9, β₂ 0.999, ε 1e-8.</summary>
    Adam,
}

/// <summary>What is made small.</summary>
public enum TrainerLoss
{
    /// <summary>Half the squared difference of answer and target, summed over the row.</summary>
    SquaredError,

    /// <summary>−t·ln(y) − (1−t)·ln(1−y), summed over the row: for a last layer with <see cref="LayerActivation.Sigmoid"/>.</summary>
    CrossEntropy,
}
