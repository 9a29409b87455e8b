using System.Globalization;
using System.Runtime.CompilerServices;

namespace Edge.Sync.Inference;

/// <summary>Where a request goes, and why.</summary>
public readonly struct PlacementDecision
{
    private readonly Estimates _estimates;

    internal PlacementDecision(ExecutionPlace place, in Estimates estimates, in LatencyFeatures features) => (Place, _estimates, Features) = (place, estimates, features);

    /// <summary>Where it goes.</summary>
    public ExecutionPlace Place { get; }

    internal LatencyFeatures Features { get; }

    /// <summary>What was thought of a place.</summary>
    public PlaceEstimate this[ExecutionPlace place] => _estimates[(int)place];

    /// <summary>The reasons in one line, for logs and people.</summary>
    public string Explain()
    {
        var parts = new string[PlacementPolicy.PlaceCount];
        for (var i = 0; i < parts.Length; i++)
        {
            var estimate = _estimates[i];
            parts[i] = estimate.Bar == PlaceBar.None
                ? string.Create(CultureInfo.InvariantCulture, $"{(ExecutionPlace)i} {estimate.LatencyMs:F1} ± {estimate.DoubtMs:F1} ms, cost {estimate.Cost:F1}")
                : $"{(ExecutionPlace)i} barred by {estimate.Bar}";
        }
        return $"{Place}: {string.Join("; ", parts)}";
    }

    [InlineArray(PlacementPolicy.PlaceCount)]
    internal struct Estimates
    {
        private PlaceEstimate _first;
    }
}

/// <summary>What was thought of a place for one request.</summary>
/// <param name="Bar">Why it was not to be chosen; the rest is 0 then.</param>
/// <param name="LatencyMs">The latency that was expected.</param>
/// <param name="DoubtMs">How far it may be off, given how little is known.</param>
/// <param name="Cost">What it was weighed by: waiting at the lower end of that, a miss, energy and money.</param>
public readonly record struct PlaceEstimate(PlaceBar Bar, double LatencyMs, double DoubtMs, double Cost);
