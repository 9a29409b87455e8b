namespace Edge.Sync.Inference;

/// <summary>Runs requests where a <see cref="PlacementPolicy"/> says, and on the device after all where that place fails or is too slow. Safe for several threads if its places are.</summary>
public sealed class PlacedModel
{
    private readonly PlacementPolicy _policy;
    private readonly IInferencePlace[] _places;
    private readonly TimeProvider _time;
    private long _fallbacks;

    /// <summary>Puts places together; <paramref name="gateway"/> and <paramref name="upstream"/> may be missing.</summary>
    public PlacedModel(PlacementPolicy policy, IInferencePlace device, IInferencePlace? gateway = null, IInferencePlace? upstream = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(device);
        (_policy, _time) = (policy, timeProvider ?? TimeProvider.System);
        _places = [device, gateway ?? Missing.Instance, upstream ?? Missing.Instance];
    }

    /// <summary>How many requests the device computed since the place that was chosen failed or was late.</summary>
    public long Fallbacks => Interlocked.Read(ref _fallbacks);

    /// <summary>Computes an answer.</summary>
    /// <returns>Where it was computed in the end, and what was decided at first.</returns>
    public async ValueTask<(ExecutionPlace RanAt, PlacementDecision Decision)> RunAsync(PlacementRequest request, ReadOnlyMemory<float> input, Memory<float> output, CancellationToken cancellationToken = default)
    {
        var decision = _policy.Decide(request, [_places[0].Conditions, _places[1].Conditions, _places[2].Conditions]);
        if (decision.Place != ExecutionPlace.Device && await TryRunAsync(decision, request.Deadline, input, output, cancellationToken).ConfigureAwait(false))
            return (decision.Place, decision);
        var started = _time.GetTimestamp();
        await _places[0].RunAsync(input, output, cancellationToken).ConfigureAwait(false);
        if (decision.Place == ExecutionPlace.Device)
            _policy.Observe(decision, _time.GetElapsedTime(started));
        return (ExecutionPlace.Device, decision);
    }

    private async ValueTask<bool> TryRunAsync(PlacementDecision decision, TimeSpan deadline, ReadOnlyMemory<float> input, Memory<float> output, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(deadline, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        var started = _time.GetTimestamp();
        // Of its own: a place that was given up may write still.
        var answer = new float[output.Length];
        try
        {
            await _places[(int)decision.Place].RunAsync(input, answer, stop.Token).ConfigureAwait(false);
            _policy.Observe(decision, _time.GetElapsedTime(started));
            answer.CopyTo(output);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not OutOfMemoryException)
        {
            // At least the deadline, so that a place that fails at once does not look fast.
            Interlocked.Increment(ref _fallbacks);
            var taken = _time.GetElapsedTime(started);
            _policy.Observe(decision, taken > deadline ? taken : deadline);
            return false;
        }
    }

    private sealed class Missing : IInferencePlace
    {
        public static Missing Instance { get; } = new();

        public PlaceConditions Conditions => default;

        public ValueTask RunAsync(ReadOnlyMemory<float> input, Memory<float> output, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
