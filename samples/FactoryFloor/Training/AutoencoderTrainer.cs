namespace FactoryFloor.Training;

/// <summary>Plain stochastic gradient descent on the squared error, one row a step. The same rows and seed give the same weights.</summary>
internal sealed class AutoencoderTrainer(Autoencoder network, float learningRate)
{
    private readonly float[] _code = new float[network.Hidden];
    private readonly float[] _output = new float[network.Width];
    private readonly float[] _codeGradient = new float[network.Hidden];

    /// <summary>Goes over all rows once, in an order drawn from <paramref name="random"/>.</summary>
    public void Epoch(IReadOnlyList<float[]> rows, Random random)
    {
        var order = new int[rows.Count];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        random.Shuffle(order);
        foreach (var row in order)
            Step(rows[row]);
    }

    private void Step(ReadOnlySpan<float> row)
    {
        network.Reconstruct(row, _code, _output);
        var step = learningRate / network.Width;
        _codeGradient.AsSpan().Clear();
        // Output layer: the gradient of ½(output − row)² is the error itself.
        for (var to = 0; to < row.Length; to++)
        {
            var error = _output[to] - row[to];
            for (var unit = 0; unit < _code.Length; unit++)
            {
                ref var weight = ref network.DecoderWeights[unit * row.Length + to];
                _codeGradient[unit] += error * weight;
                weight -= step * error * _code[unit];
            }
            network.DecoderBias[to] -= step * error;
        }
        // Hidden layer: the derivative of tanh is 1 − tanh².
        for (var unit = 0; unit < _code.Length; unit++)
            _codeGradient[unit] *= 1 - _code[unit] * _code[unit];
        for (var from = 0; from < row.Length; from++)
            for (var unit = 0; unit < _code.Length; unit++)
                network.EncoderWeights[from * _code.Length + unit] -= step * row[from] * _codeGradient[unit];
        for (var unit = 0; unit < _code.Length; unit++)
            network.EncoderBias[unit] -= step * _codeGradient[unit];
    }
}
