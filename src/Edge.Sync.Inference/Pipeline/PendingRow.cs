namespace Edge.Sync.Inference.Pipeline;

/// <summary>A window that waits for its batch. Its readings are copied: their window moves on meanwhile.</summary>
internal sealed class PendingRow<T, TKey>
{
    private T[] _readings = [];
    private int _count;

    public TKey Key { get; private set; } = default!;

    public KeyState<T> State { get; private set; } = null!;

    public long ArrivedAt { get; private set; }

    /// <summary>Whether a step before the model made nothing of it.</summary>
    public bool IsDropped { get; set; }

    public ReadOnlySpan<T> Window => _readings.AsSpan(0, _count);

    public void Set(TKey key, KeyState<T> state, ReadOnlySpan<T> window, long arrivedAt)
    {
        if (_readings.Length < window.Length)
            _readings = new T[window.Length];
        window.CopyTo(_readings);
        (Key, State, ArrivedAt, _count) = (key, state, arrivedAt, window.Length);
    }
}
