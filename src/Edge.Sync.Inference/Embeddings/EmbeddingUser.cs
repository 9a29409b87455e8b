using System.Numerics.Tensors;
using Edge.Sync.Inference.Serving;

namespace Edge.Sync.Inference.Embeddings;

/// <summary>What runs the model of a generator of embeddings, whichever version serves.</summary>
internal sealed class EmbeddingUser(ModelSlot slot, EdgeInferenceOptions options, int inputWidth, bool normalize) : IModelUser, IDisposable
{
    private readonly Lock _gate = new();
    private ModelBinding? _binding;
    private long _lastUsed = options.TimeProvider.GetTimestamp();
    private bool _disposed;

    public int InputWidth => inputWidth;

    public long LastUsed => Volatile.Read(ref _lastUsed);

    public (float[] Vector, ServedModel Served) Run(ReadOnlySpan<float> row)
    {
        while (true)
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                if (_binding is { } binding)
                    return Run(binding, row);
            }
            slot.EnsureLoaded();
        }
    }

    public ModelBinding Bind(ModelContent content, ILoadedModel model) => new BindingPlan
    {
        FeatureCount = inputWidth,
        Stages = [],
        Decorators = [],
        RowsMax = 1,
        Score = ModelScore.FirstOutput,
        Deadline = null,
        TimeProvider = options.TimeProvider,
    }.Bind(content, model);

    public ModelBinding? Swap(ModelBinding? next, SwapReason reason)
    {
        lock (_gate)
        {
            var before = _binding;
            _binding = next;
            return before;
        }
    }

    // Embeddings have no score that two versions could be compared by: what is offered goes at once.
    public ModelBinding? SetShadow(ModelBinding? next, VersionTrial? trial)
    {
        next?.Dispose();
        return null;
    }

    public void Dispose()
    {
        lock (_gate)
            _disposed = true;
        slot.Detach(this);
    }

    private (float[] Vector, ServedModel Served) Run(ModelBinding binding, ReadOnlySpan<float> row)
    {
        Volatile.Write(ref _lastUsed, options.TimeProvider.GetTimestamp());
        binding.Prepare(row, 0);
        binding.Runner.Run(1);
        var vector = binding.OutputOf(0).ToArray();
        var length = TensorPrimitives.Norm<float>(vector);
        if (!float.IsFinite(length))
            throw binding.Invalid($"The model '{binding.Content.Name}' answered by a vector with a number that is not finite.");
        if (normalize && length > 0)
            TensorPrimitives.Divide(vector, length, vector);
        return (vector, binding.Served);
    }
}
