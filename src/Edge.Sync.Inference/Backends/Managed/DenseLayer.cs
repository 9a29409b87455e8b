using System.Numerics.Tensors;

namespace Edge.Sync.Inference.Backends.Managed;

/// <summary>One step of a dense network in managed code: a row into another, vectorised, without allocating.</summary>
internal abstract class DenseStep(int inputWidth, int outputWidth)
{
    public int InputWidth => inputWidth;

    public int OutputWidth => outputWidth;

    public virtual long Parameters => 0;

    public abstract void Run(ReadOnlySpan<float> input, Span<float> output);
}

/// <summary><c>input × weights + bias</c>.</summary>
/// <remarks>
/// Two loops for two shapes. Many outputs: the output is gathered row by row of the weights, so that each pass is over contiguous outputs. Few outputs:
/// one dot product each, over the transposed weights; vectors would stay nearly empty the other way.
/// </remarks>
internal sealed class DenseLayer : DenseStep
{
    private const int FewOutputs = 8;

    private readonly float[] _weights;
    private readonly float[] _bias;
    private readonly bool _isTransposed;

    public DenseLayer(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, int inputWidth, int outputWidth) : base(inputWidth, outputWidth)
    {
        _bias = bias.ToArray();
        _isTransposed = outputWidth < FewOutputs;
        _weights = weights.ToArray();
        if (_isTransposed)
            for (var i = 0; i < inputWidth; i++)
                for (var o = 0; o < outputWidth; o++)
                    _weights[o * inputWidth + i] = weights[i * outputWidth + o];
    }

    public override long Parameters => _weights.Length + _bias.Length;

    public override void Run(ReadOnlySpan<float> input, Span<float> output)
    {
        if (_isTransposed)
        {
            for (var o = 0; o < output.Length; o++)
                output[o] = TensorPrimitives.Dot(input, _weights.AsSpan(o * input.Length, input.Length)) + _bias[o];
            return;
        }
        _bias.CopyTo(output);
        for (var i = 0; i < input.Length; i++)
            TensorPrimitives.MultiplyAdd(_weights.AsSpan(i * output.Length, output.Length), input[i], output, output);
    }
}

/// <summary>What is done to each value by itself.</summary>
internal enum Activation
{
    Tanh,
    Relu,
    Sigmoid,
    Identity,
}

/// <summary>An activation of each value.</summary>
internal sealed class ActivationStep(Activation activation, int width) : DenseStep(width, width)
{
    public override void Run(ReadOnlySpan<float> input, Span<float> output)
    {
        switch (activation)
        {
            case Activation.Tanh:
                TensorPrimitives.Tanh(input, output);
                break;
            case Activation.Relu:
                // As in ONNX, NaN stays what it is.
                TensorPrimitives.Max(input, 0f, output);
                break;
            case Activation.Sigmoid:
                TensorPrimitives.Sigmoid(input, output);
                break;
            default:
                input.CopyTo(output);
                break;
        }
    }
}

/// <summary>What is done to each value with a constant of its own.</summary>
internal enum ConstantOperation
{
    Add,
    Subtract,
    Multiply,
}

/// <summary>A sum, difference or product with a row of constants.</summary>
internal sealed class ConstantStep(ConstantOperation operation, float[] constants) : DenseStep(constants.Length, constants.Length)
{
    public override long Parameters => constants.Length;

    public override void Run(ReadOnlySpan<float> input, Span<float> output)
    {
        switch (operation)
        {
            case ConstantOperation.Add:
                TensorPrimitives.Add(input, constants, output);
                break;
            case ConstantOperation.Subtract:
                TensorPrimitives.Subtract(input, constants, output);
                break;
            default:
                TensorPrimitives.Multiply(input, constants, output);
                break;
        }
    }
}
