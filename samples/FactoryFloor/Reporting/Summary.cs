using System.Globalization;

namespace FactoryFloor.Reporting;

/// <summary>The end of a shift, in sentences.</summary>
internal static class Summary
{
    public static void Print(Figures figures, TextWriter output)
    {
        output.WriteLine();
        foreach (var (subject, said) in Lines(figures))
            output.WriteLine($"{subject,-18} {said}");
    }

    private static IEnumerable<(string Subject, string Said)> Lines(Figures figures)
    {
        yield return ("Readings", Invariant($"{figures.Readings:N0} handled where they were taken"));
        yield return ("Insights", Invariant($"{figures.InsightsSent:N0} sent, {(double)figures.InsightsSent / figures.Readings:P2} of the readings"));
        yield return ("Bytes", Invariant($"{figures.BytesSent:N0} sent by the presses; the readings alone are {figures.RawBytes:N0}"));
        yield return ("Decision", Invariant($"{figures.DecisionP50.TotalMilliseconds:F3} ms from reading to decision (p50), {figures.DecisionP99.TotalMilliseconds:F3} ms (p99)"));
        var detection = figures.Detection;
        yield return ("Alarms", detection.Windows == 0
            ? Invariant($"{detection.Alarms}; without labels nobody knows which are false")
            : Invariant($"{detection.Alarms}; {detection.Found} of {detection.Windows} labelled windows found, {detection.Windows - detection.Found} missed, {detection.FalseAlarms} false alarms"));
        yield return ("Model", Invariant($"taken back: {(figures.ModelStops.Count == 0 ? "none" : string.Join("; ", figures.ModelStops))}; {figures.Unanswered} windows without an answer; now {string.Join(", ", figures.ServedVersions.Select(static v => $"v{v}"))}"));
        if (figures.Inspection is { } order)
            yield return ("One work order", Invariant($"edited on both sides of the cut: {order.Minutes.Value} min | {string.Join(", ", order.Parts)} | {order.Notes.Value.TrimEnd()}"));
        foreach (var (name, hash) in figures.Replicas)
            yield return (name, $"state {hash}");
        yield return ("Replicas", figures.ReplicasEqual ? Invariant($"all {figures.Replicas.Count} are equal") : "THEY DIFFER");
        yield return ("Time", Invariant($"{figures.Duration.TotalSeconds:F1} s"));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
