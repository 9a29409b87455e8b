namespace FactoryFloor.Training;

/// <summary>Trains a denoising autoencoder by plain stochastic gradient descent, one row a step. The same rows and seed give the same weights.</summary>
/// <remarks>
/// Each signal of a row is shifted by noise and the network must rebuild the row without it (Vincent et al., ICML 2008). What it learns is to pull a row towards
/// where the training rows are dense (Alain and Bengio, JMLR 2014), so its error tells not only an odd shape but also an odd level: a machine that
/// is too cold for half a day, perfectly steadily.
/// </remarks>
internal sealed class AutoencoderTrainer(Autoencoder network, int signalCount, SeededRandom random)
{
    /// <summary>As wide as the data themselves, which have deviation 1.</summary>
    private const float Noise = 1;

    /// <summary>Weights shrink by this share of the step, so that where training ends depends little on where it began.</summary>
    private const float WeightDecay = 0.01f;

    private readonly float[] _noisy = new float[network.Width];
    private readonly float[] _code = new float[network.Hidden];
    private readonly float[] _output = new float[network.Width];
    private readonly float[] _codeGradient = new float[network.Hidden];

    /// <summary>Goes over all rows once, in random order.</summary>
    public void Epoch(IReadOnlyList<float[]> rows, float learningRate)
    {
        var order = new int[rows.Count];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        random.Shuffle(order);
        foreach (var row in order)
            Step(rows[row], learningRate / network.Width);
    }

    private void Step(float[] row, float rate)
    {
        AddNoise(row);
        network.Reconstruct(_noisy, _code, _output);
        DescendDecoder(row, rate);
        DescendEncoder(rate);
    }

    private void AddNoise(float[] row)
    {
        var steps = row.Length / signalCount;
        for (var signal = 0; signal < signalCount; signal++)
        {
            var shift = Noise * random.NextNormal();
            for (var i = signal * steps; i < (signal + 1) * steps; i++)
                _noisy[i] = row[i] + shift;
        }
    }

    // The gradient of half the squared error is the error itself.
    private void DescendDecoder(float[] row, float rate)
    {
        Array.Clear(_codeGradient);
        for (var to = 0; to < row.Length; to++)
        {
            var error = _output[to] - row[to];
            for (var unit = 0; unit < _code.Length; unit++)
            {
                ref var weight = ref network.DecoderWeights[unit * row.Length + to];
                _codeGradient[unit] += error * weight;
                weight -= rate * (error * _code[unit] + WeightDecay * weight);
            }
            network.DecoderBias[to] -= rate * error;
        }
    }

    // The derivative of tanh is 1 - tanh².
    private void DescendEncoder(float rate)
    {
        for (var unit = 0; unit < _code.Length; unit++)
            _codeGradient[unit] *= 1 - _code[unit] * _code[unit];
        for (var from = 0; from < _noisy.Length; from++)
            for (var unit = 0; unit < _code.Length; unit++)
            {
                ref var weight = ref network.EncoderWeights[from * _code.Length + unit];
                weight -= rate * (_noisy[from] * _codeGradient[unit] + WeightDecay * weight);
            }
        for (var unit = 0; unit < _code.Length; unit++)
            network.EncoderBias[unit] -= rate * _codeGradient[unit];
    }
}
