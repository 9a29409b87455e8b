using Edge.Sync.Inference.Backends;

namespace Edge.Sync.Inference.Serving;

/// <summary>Opens models by the first backend that takes them, keeps all of them within the memory budget, and unloads what is idle.</summary>
/// <remarks>
/// One lock for all loading and swapping, which are rare; inferences do not take it. Order of locks: this one, then a pipeline's. The timer runs only while something is
/// loaded that may become idle: once all is unloaded, nothing wakes the processor.
/// </remarks>
internal sealed class ModelHost(EdgeInferenceOptions options) : IDisposable
{
    private readonly IReadOnlyList<IInferenceBackend> _backends = options.CreateBackends();
    private readonly List<ModelSlot> _slots = [];
    private ITimer? _idle;
    private bool _isTimed;
    private bool _disposed;

    public Lock Gate { get; } = new();

    public TimeProvider TimeProvider => options.TimeProvider;

    public TimeSpan ReportEvery => options.ReportEvery;

    public ModelSlot CreateSlot(string name)
    {
        var slot = new ModelSlot(this, name);
        lock (Gate)
            _slots.Add(slot);
        return slot;
    }

    public void Remove(ModelSlot slot)
    {
        lock (Gate)
            if (_slots.Remove(slot))
                slot.Unload();
    }

    /// <summary>Opens a model, making room for it. Called under <see cref="Gate"/>.</summary>
    public ILoadedModel Load(ModelContent content, ModelSlot slot)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        content.ThrowIfLarger(options.ModelBytesMax);
        var reasons = new List<string>();
        foreach (var backend in _backends)
        {
            ILoadedModel? model;
            string? reason;
            try
            {
                if (!backend.TryLoad(content, out model, out reason))
                {
                    reasons.Add($"{backend.Name}: {reason}");
                    continue;
                }
            }
            catch (Exception e) when (e is not EdgeSyncException and not OutOfMemoryException)
            {
                throw content.Invalid($"The backend '{backend.Name}' could not open {content.Described}: {e.Message}", e);
            }
            if (model.MemoryBytes <= options.MemoryBudget)
            {
                MakeRoom(model.MemoryBytes, slot);
                return model;
            }
            var bytes = model.MemoryBytes;
            model.Dispose();
            throw content.Invalid($"{content.Described} takes about {bytes} bytes of memory; the budget for all models is {options.MemoryBudget}. Raise {nameof(EdgeInferenceOptions)}.{nameof(EdgeInferenceOptions.MemoryBudget)}, or use a smaller model.");
        }
        throw content.Invalid($"No backend runs {content.Described}. {string.Join("; ", reasons)}");
    }

    /// <summary>Starts to watch for idleness. Called under <see cref="Gate"/>.</summary>
    public void OnLoaded()
    {
        if (options.UnloadAfter == Timeout.InfiniteTimeSpan || _isTimed)
            return;
        _isTimed = true;
        _idle ??= options.TimeProvider.CreateTimer(static state => ((ModelHost)state!).UnloadIdle(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _idle.Change(options.UnloadAfter, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        lock (Gate)
        {
            _disposed = true;
            _idle?.Dispose();
            foreach (var slot in _slots)
                slot.Unload();
        }
    }

    private void UnloadIdle()
    {
        lock (Gate)
        {
            _isTimed = false;
            if (_disposed)
                return;
            var next = Timeout.InfiniteTimeSpan;
            foreach (var slot in _slots)
            {
                if (!slot.IsLoaded)
                    continue;
                var left = options.UnloadAfter - options.TimeProvider.GetElapsedTime(slot.LastUsed);
                if (left <= TimeSpan.Zero)
                    slot.Unload();
                else if (next < TimeSpan.Zero || left < next)
                    next = left;
            }
            if (next < TimeSpan.Zero)
                return;
            _isTimed = true;
            _idle!.Change(next, Timeout.InfiniteTimeSpan);
        }
    }

    // The version that is replaced goes right after, so it does not count.
    private void MakeRoom(long bytes, ModelSlot slot)
    {
        while (true)
        {
            var used = bytes;
            ModelSlot? idlest = null;
            foreach (var other in _slots)
            {
                if (other == slot || !other.IsLoaded)
                    continue;
                used += other.MemoryBytes;
                if (idlest is null || other.LastUsed < idlest.LastUsed)
                    idlest = other;
            }
            if (used <= options.MemoryBudget || idlest is null)
                return;
            idlest.Unload();
        }
    }
}
