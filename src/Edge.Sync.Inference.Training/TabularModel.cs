namespace Edge.Sync.Inference.Training;

/// <summary>A model of rows of numbers that was trained here: one number in answer to each row.</summary>
public abstract class TabularModel
{
    private protected TabularModel(int inputWidth) => InputWidth = inputWidth;

    /// <summary>Values in a row.</summary>
    public int InputWidth { get; }

    /// <summary>What the model answers: a value, or the chance of 1 where it tells two classes apart.</summary>
    /// <param name="row"><see cref="InputWidth"/> values.</param>
    /// <remarks>By ML.NET; ONNX Runtime gives the same but for the last bits of sums.</remarks>
    public float Predict(ReadOnlySpan<float> row)
    {
        if (row.Length != InputWidth) throw new ArgumentException($"A row has {InputWidth} values, not {row.Length}.", nameof(row));
        return Compute(row);
    }

    /// <summary>The model as ONNX: one row of floats in, one float out, as a pipeline takes it.</summary>
    /// <param name="name">What errors and provenance call it.</param>
    /// <param name="version">Greater than 0.</param>
    public abstract byte[] ToOnnx(string name, long version = 1);

    private protected abstract float Compute(ReadOnlySpan<float> row);
}
