using System.Numerics.Tensors;
using Edge.Sync.Inference.Learning;

namespace Edge.Sync.Inference;

/// <summary>Teaches a network by mini-batches. It can stop after any step, be written down, and go on elsewhere as if it had not stopped.</summary>
/// <remarks>
/// The same rows, options and network give the same weights, bit for bit, on processors of one kind (vector instructions add in another order on others).
/// A step allocates nothing. Not safe for several threads.
/// </remarks>
public sealed partial class Trainer
{
    private const float Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-8f;

    private readonly float[][] _rows;
    private readonly float[][] _errors;
    private readonly float[] _gradient;
    private readonly float[] _first;
    private readonly float[] _second;
    private readonly float[] _noisy;
    private int[] _order = [];
    private int _next;
    private SplitMix64 _random;
    private SplitMix64 _epochRandom;
    private byte[] _dataHash = [];
    private TrainingSet? _data;
    private int _dataCount;

    /// <summary>A trainer at its first step.</summary>
    public Trainer(TrainableNetwork network, TrainerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        Options = options ?? new();
        Options.Validate();
        if (Options.Loss == TrainerLoss.CrossEntropy && network.Activations[^1] != LayerActivation.Sigmoid)
            throw new ArgumentException($"{nameof(TrainerLoss.CrossEntropy)} is of chances: the last layer must be {nameof(LayerActivation.Sigmoid)}.", nameof(network));
        Network = network;
        _rows = RowsOf(network);
        _errors = RowsOf(network);
        var count = network.Parameters.Length;
        (_gradient, _first, _second) = (new float[count], new float[count], Options.Method == TrainerMethod.Adam ? new float[count] : []);
        _noisy = new float[network.InputWidth];
        _random = new(Options.Seed);
    }

    /// <summary>What learns.</summary>
    public TrainableNetwork Network { get; }

    /// <summary>How.</summary>
    public TrainerOptions Options { get; }

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Times that all rows were seen.</summary>
    public int Epochs { get; private set; }

    /// <summary>Goes over all rows some times.</summary>
    /// <returns>Whether it came to the end; false where it was cancelled, between two steps. Then a further call, or a trainer resumed from <see cref="ToCheckpoint"/>, goes on from there.</returns>
    public bool TrainEpochs(TrainingSet data, int epochs, CancellationToken cancellationToken = default)
    {
        for (var until = Epochs + epochs; Epochs < until;)
            if (TrainSteps(data, 1, cancellationToken) == 0)
                return false;
        return true;
    }

    /// <summary>Takes some steps.</summary>
    /// <returns>How many it took: fewer where it was cancelled.</returns>
    /// <exception cref="ArgumentException">The rows do not fit the network, or are not those that were learned from so far: make a new trainer for others.</exception>
    public int TrainSteps(TrainingSet data, int steps, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        Begin(data);
        var taken = 0;
        for (; taken < steps && !cancellationToken.IsCancellationRequested; taken++)
            Step(data);
        return taken;
    }

    /// <summary>The loss of the network over all rows, per row.</summary>
    public double ComputeLoss(TrainingSet data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var sum = 0.0;
        for (var row = 0; row < data.Count; row++)
        {
            Network.Forward(data.InputOf(row), _rows);
            var target = data.TargetOf(row);
            for (var i = 0; i < target.Length; i++)
                sum += LossOf(_rows[^1][i], target[i]);
        }
        return sum / data.Count;
    }

    /// <summary>The gradient of the summed loss of some rows: for tests.</summary>
    internal ReadOnlySpan<float> GradientOf(TrainingSet data)
    {
        Array.Clear(_gradient);
        for (var row = 0; row < data.Count; row++)
            Accumulate(data.InputOf(row), data.TargetOf(row));
        return _gradient;
    }

    private void Begin(TrainingSet data)
    {
        if (ReferenceEquals(data, _data) && data.Count == _dataCount)
            return;
        if (data.Count == 0 || data.InputWidth != Network.InputWidth || data.TargetWidth != Network.OutputWidth)
            throw new ArgumentException($"There are {data.Count} rows of {data.InputWidth} values and {data.TargetWidth} targets; the network takes {Network.InputWidth} and answers {Network.OutputWidth}.", nameof(data));
        var hash = data.ComputeHash();
        if (_dataHash.Length == 0)
        {
            _dataHash = hash;
            BeginEpoch(data.Count);
        }
        else if (!hash.AsSpan().SequenceEqual(_dataHash))
        {
            throw new ArgumentException("These are not the rows that were learned from so far. Make a new trainer for them.", nameof(data));
        }
        else if (_order.Length == 0)
        {
            // Resumed in the middle of an epoch: its order is drawn again.
            if (_next < 0 || _next >= data.Count)
                throw new ArgumentException($"The checkpoint stands at row {_next} of {data.Count}: it is damaged.", nameof(data));
            Draw(data.Count);
        }
        (_data, _dataCount) = (data, data.Count);
    }

    private void BeginEpoch(int count)
    {
        (_epochRandom, _next) = (_random, 0);
        Draw(count);
    }

    private void Draw(int count)
    {
        var before = _random;
        if (_order.Length != count)
            _order = new int[count];
        for (var i = 0; i < count; i++)
            _order[i] = i;
        var random = _epochRandom;
        random.Shuffle(_order);
        // Of a resumed epoch the numbers behind the order are drawn already.
        _random = before.State == _epochRandom.State ? random : before;
    }

    private void Step(TrainingSet data)
    {
        Array.Clear(_gradient);
        var rows = Math.Min(Options.BatchRows, _order.Length - _next);
        for (var i = 0; i < rows; i++)
        {
            var row = _order[_next + i];
            Accumulate(Noisy(data.InputOf(row)), data.TargetOf(row));
        }
        TensorPrimitives.Multiply(_gradient, 1f / rows, _gradient);
        Steps++;
        if (Options.Method == TrainerMethod.Adam)
            DescendByAdam();
        else
            DescendBySgd();
        _next += rows;
        if (_next < _order.Length)
            return;
        Epochs++;
        BeginEpoch(_order.Length);
    }

    private ReadOnlySpan<float> Noisy(ReadOnlySpan<float> input)
    {
        if (Options.InputNoise == 0)
            return input;
        for (var i = 0; i < input.Length; i++)
            _noisy[i] = input[i] + Options.InputNoise * (float)_random.NextNormal();
        return _noisy;
    }

    private void Accumulate(ReadOnlySpan<float> input, ReadOnlySpan<float> target)
    {
        Network.Forward(input, _rows);
        var (output, error) = (_rows[^1], _errors[^1]);
        TensorPrimitives.Subtract(output, target, error);
        // With cross-entropy behind a sigmoid, the slopes cancel out.
        if (Options.Loss == TrainerLoss.SquaredError)
            for (var i = 0; i < error.Length; i++)
                error[i] *= TrainableNetwork.Slope(Network.Activations[^1], output[i]);
        Network.Backward(_rows, _errors, _gradient);
    }

    private void DescendBySgd()
    {
        var parameters = Network.Parameters;
        Decay(parameters);
        TensorPrimitives.MultiplyAdd(_first, Options.Momentum, _gradient, _first);
        TensorPrimitives.MultiplyAdd(_first, -Options.LearningRate, parameters, parameters);
    }

    private void DescendByAdam()
    {
        var parameters = Network.Parameters;
        Decay(parameters);
        var rate = (float)(Options.LearningRate * Math.Sqrt(1 - Math.Pow(Beta2, Steps)) / (1 - Math.Pow(Beta1, Steps)));
        for (var i = 0; i < parameters.Length; i++)
        {
            var gradient = _gradient[i];
            _first[i] = Beta1 * _first[i] + (1 - Beta1) * gradient;
            _second[i] = Beta2 * _second[i] + (1 - Beta2) * gradient * gradient;
            parameters[i] -= rate * _first[i] / (MathF.Sqrt(_second[i]) + Epsilon);
        }
    }

    private void Decay(Span<float> parameters)
    {
        if (Options.WeightDecay > 0)
            TensorPrimitives.Multiply(parameters, 1 - Options.LearningRate * Options.WeightDecay, parameters);
    }

    private double LossOf(float output, float target)
    {
        if (Options.Loss == TrainerLoss.SquaredError)
            return 0.5 * (output - target) * (output - target);
        var chance = Math.Clamp((double)output, 1e-12, 1 - 1e-12);
        return -target * Math.Log(chance) - (1 - target) * Math.Log(1 - chance);
    }

    private static float[][] RowsOf(TrainableNetwork network)
    {
        var rows = new float[network.Widths.Length][];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = new float[network.Widths[i]];
        return rows;
    }
}
