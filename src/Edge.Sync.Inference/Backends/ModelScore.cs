namespace Edge.Sync.Inference;

/// <summary>Makes one number of a model's output, for the decision.</summary>
/// <param name="features">What the model was given: the features after normalising.</param>
/// <param name="output">What it answered.</param>
public delegate float ScoreFunction(ReadOnlySpan<float> features, ReadOnlySpan<float> output);

/// <summary>The usual scores.</summary>
public static class ModelScore
{
    /// <summary>For autoencoders: the root of the mean squared difference between features and output, in units of the normalised features.</summary>
    public static float ReconstructionError(ReadOnlySpan<float> features, ReadOnlySpan<float> output)
    {
        if (output.Length != features.Length)
            throw new ArgumentException($"A reconstruction of {features.Length} features has as many values, not {output.Length}.", nameof(output));
        var sum = 0f;
        for (var i = 0; i < features.Length; i++)
        {
            var error = features[i] - output[i];
            sum += error * error;
        }
        return MathF.Sqrt(sum / features.Length);
    }

    /// <summary>For classifiers and regressions: the first value of the output.</summary>
    public static float FirstOutput(ReadOnlySpan<float> features, ReadOnlySpan<float> output) => output[0];
}
