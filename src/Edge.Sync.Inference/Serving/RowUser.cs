using System.Numerics.Tensors;

namespace Edge.Sync.Inference.Serving;

/// <summary>Runs a model row by row, whichever version serves.</summary>
internal sealed class RowUser(ModelSlot slot, TimeProvider time, int inputWidth) : IModelUser, IDisposable
{
    private readonly Lock _gate = new();
    private ModelBinding? _binding;
    private long _lastUsed = time.GetTimestamp();
    private bool _disposed;

    public int InputWidth => inputWidth;

    public long LastUsed => Volatile.Read(ref _lastUsed);

    public (float[] Row, ServedModel Served) Run(ReadOnlySpan<float> row)
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
        TimeProvider = time,
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

    // Bare rows have no score that two versions could be compared by: what is offered goes at once.
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

    private (float[] Row, ServedModel Served) Run(ModelBinding binding, ReadOnlySpan<float> row)
    {
        Volatile.Write(ref _lastUsed, time.GetTimestamp());
        binding.Prepare(row, 0);
        binding.Runner.Run(1);
        var output = binding.OutputOf(0).ToArray();
        if (!TensorPrimitives.IsFiniteAll<float>(output))
            throw binding.Invalid($"The model '{binding.Content.Name}' answered by a row with a number that is not finite.");
        return (output, binding.Served);
    }
}
