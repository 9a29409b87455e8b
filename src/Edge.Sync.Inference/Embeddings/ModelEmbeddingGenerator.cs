using System.Numerics.Tensors;
using Edge.Sync.Inference.Serving;
using Microsoft.Extensions.AI;

namespace Edge.Sync.Inference;

/// <summary>Embeddings by a model of this device, behind the interface that AI libraries ask for. Safe for several threads; one input is computed at a time.</summary>
/// <remarks>
/// The model is one row of floats in and one row out, such as a sentence model with its tokens counted, or an encoder of sensor windows. How an input becomes that row is the caller's: there is no tokenizer here.
/// The version that serves may change between two calls: its name and hash are in each embedding's <see cref="Embedding.ModelId"/>, and vectors of different ids must not be compared.
/// </remarks>
/// <typeparam name="TInput">What is embedded.</typeparam>
public sealed class ModelEmbeddingGenerator<TInput> : IEmbeddingGenerator<TInput, Embedding<float>>
{
    private readonly Action<TInput, Memory<float>> _write;
    private readonly RowUser _user;
    private readonly bool _normalize;
    private readonly ModelSlot _slot;

    internal ModelEmbeddingGenerator(ModelSlot slot, EdgeInferenceOptions options, int inputWidth, Action<TInput, Memory<float>> write, bool normalize)
    {
        (_slot, _write, _normalize) = (slot, write, normalize);
        _user = new(slot, options.TimeProvider, inputWidth);
        slot.Attach(_user);
    }

    /// <inheritdoc/>
    /// <exception cref="EdgeModelException">The model failed, or answered a number that is not finite.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<TInput> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        try
        {
            var embeddings = new GeneratedEmbeddings<Embedding<float>>();
            var row = new float[_user.InputWidth];
            foreach (var value in values)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Array.Clear(row);
                _write(value, row);
                var (vector, served) = _user.Run(row);
                var length = TensorPrimitives.Norm<float>(vector);
                if (!float.IsFinite(length))
                    throw new EdgeModelException(served.Name, served.Version, $"The model '{served.Name}' answered by a vector whose length is not finite.");
                if (_normalize && length > 0)
                    TensorPrimitives.Divide(vector, length, vector);
                embeddings.Add(new(vector) { ModelId = $"{served.Name}@{served.Hash}" });
            }
            return Task.FromResult(embeddings);
        }
        catch (Exception e) when (e is EdgeSyncException or OperationCanceledException)
        {
            return Task.FromException<GeneratedEmbeddings<Embedding<float>>>(e);
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        if (serviceType == typeof(EmbeddingGeneratorMetadata))
            return new EmbeddingGeneratorMetadata("edge-sync", providerUri: null, _slot.Name, _slot.Current?.OutputWidth);
        return serviceType.IsInstanceOfType(this) ? this : serviceType == typeof(ModelSlot) ? _slot : null;
    }

    /// <summary>Takes it off its model.</summary>
    public void Dispose() => _user.Dispose();
}
