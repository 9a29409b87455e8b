using System.Globalization;

namespace Edge.Sync.Inference.Backends.Providers;

/// <summary>Opens a model on the first provider that is there, opens it, agrees with the processor, and is not slower.</summary>
/// <remarks>A provider that falls back by itself would never say so: hence each is compared with the processor, and each reason is kept.</remarks>
internal static class ProviderSelection
{
    private const int ProbeRows = 8;
    private const int TimedRuns = 15;

    public static ILoadedModel Load(ModelContent content, IReadOnlyList<IExecutionProvider> preferred, IExecutionProvider processor, OnnxRuntimeOptions options, TimeProvider timeProvider)
    {
        // The model itself may be what is wrong: then no provider can help, and the error is that of the processor.
        var reference = processor.Load(content);
        if (preferred.Count == 0)
            return reference;
        var fallbacks = new List<ProviderFallback>();
        ILoadedModel? chosen = null;
        try
        {
            foreach (var provider in preferred)
            {
                if (provider.Accelerator == Accelerator.Cpu)
                    break;
                if (Try(provider, content, reference, options, timeProvider, out var candidate) is not { } fallback)
                {
                    chosen = candidate;
                    break;
                }
                fallbacks.Add(fallback);
            }
        }
        finally
        {
            if (chosen is not null)
                reference.Dispose();
        }
        return new SelectedModel(chosen ?? reference, fallbacks);
    }

    private static ProviderFallback? Try(IExecutionProvider provider, ModelContent content, ILoadedModel reference, OnnxRuntimeOptions options, TimeProvider timeProvider, out ILoadedModel? candidate)
    {
        candidate = null;
        ProviderFallback Because(FallbackCause cause, string reason) => new(provider.Name, cause, reason);
        try
        {
            if (provider.Probe() is { } missing)
                return Because(FallbackCause.Missing, missing);
            candidate = provider.Load(content);
            if (candidate.InputWidth != reference.InputWidth || candidate.OutputWidth != reference.OutputWidth)
                return Rejected(ref candidate, Because(FallbackCause.WrongResult, "its rows have other widths than the processor's"));
            var (difference, ratio) = Compare(candidate, reference, timeProvider);
            if (!(difference <= options.Tolerance))
                return Rejected(ref candidate, Because(FallbackCause.WrongResult, Invariant($"its answers differ from the processor's by {difference:P2} of the greatest value; the limit is {options.Tolerance:P2}")));
            if (ratio > options.LatencyRatioMax)
                return Rejected(ref candidate, Because(FallbackCause.TooSlow, Invariant($"it takes {ratio:0.0} times as long as the processor; the limit is {options.LatencyRatioMax:0.0}")));
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Rejected(ref candidate, Because(FallbackCause.Failed, $"it could not open or run the model: {e.Message}"));
        }
    }

    private static ProviderFallback Rejected(ref ILoadedModel? candidate, ProviderFallback fallback)
    {
        candidate?.Dispose();
        candidate = null;
        return fallback;
    }

    // Rows of fixed numbers between -2 and 2: what a normalised sensor gives.
    private static (float Difference, double Ratio) Compare(ILoadedModel candidate, ILoadedModel reference, TimeProvider timeProvider)
    {
        using var one = candidate.CreateRunner(1);
        using var other = reference.CreateRunner(1);
        var difference = 0f;
        var state = 1u;
        for (var row = 0; row < ProbeRows; row++)
        {
            for (var i = 0; i < reference.InputWidth; i++)
            {
                state = state * 1_664_525 + 1_013_904_223;
                one.Input[i] = other.Input[i] = ((state >> 8) / (float)(1 << 24) - 0.5f) * 4;
            }
            one.Run(1);
            other.Run(1);
            var greatest = 1e-6f;
            for (var i = 0; i < reference.OutputWidth; i++)
                greatest = Math.Max(greatest, Math.Abs(other.Output[i]));
            for (var i = 0; i < reference.OutputWidth; i++)
            {
                var error = Math.Abs(one.Output[i] - other.Output[i]) / greatest;
                // Not a number here and there alike is agreement about a bad model; what serves it finds out at warm-up.
                if (float.IsNaN(error))
                    error = float.IsNaN(one.Output[i]) == float.IsNaN(other.Output[i]) ? 0 : float.PositiveInfinity;
                difference = Math.Max(difference, error);
            }
        }
        return (difference, Time(one, timeProvider) / Math.Max(1, Time(other, timeProvider)));
    }

    private static double Time(IModelRunner runner, TimeProvider timeProvider)
    {
        Span<long> times = stackalloc long[TimedRuns];
        foreach (ref var time in times)
        {
            var started = timeProvider.GetTimestamp();
            runner.Run(1);
            time = timeProvider.GetTimestamp() - started;
        }
        times.Sort();
        return times[TimedRuns / 2];
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
