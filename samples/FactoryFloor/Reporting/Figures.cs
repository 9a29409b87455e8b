using System.Text.Json;
using FactoryFloor.Detection;
using FactoryFloor.Floor;
using FactoryFloor.Sensing;

namespace FactoryFloor.Reporting;

/// <summary>What came of a shift, in numbers.</summary>
internal sealed record Figures
{
    public required long Readings { get; init; }

    /// <summary>Changes that the presses wrote.</summary>
    public required long InsightsSent { get; init; }

    /// <summary>All bytes that left the presses, with framing and acknowledgements.</summary>
    public required long BytesSent { get; init; }

    /// <summary>What the readings alone would have been.</summary>
    public required long RawBytes { get; init; }

    public required TimeSpan DecisionP50 { get; init; }

    public required TimeSpan DecisionP99 { get; init; }

    public required DetectionReport Detection { get; init; }

    /// <summary>Of each replica, by name, the hash of its state.</summary>
    public required IReadOnlyList<(string Name, string Hash)> Replicas { get; init; }

    public required bool ReplicasEqual { get; init; }

    /// <summary>Why versions of the model were taken back.</summary>
    public required IReadOnlyList<string> ModelStops { get; init; }

    /// <summary>The version that judges at each press in the end.</summary>
    public required IReadOnlyList<long?> ServedVersions { get; init; }

    /// <summary>Windows that the bad version had no answer to.</summary>
    public required long Unanswered { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>The work order that two sides edited without each other, as the gateway has it in the end.</summary>
    public required WorkOrder? Inspection { get; init; }

    public static async Task<Figures> OfAsync(Factory factory, Shift shift, IPlant plant, TimeSpan duration)
    {
        // From the gateway's documents: what is reported is what has arrived.
        var alarms = (await factory.Gateway.Alarms.ToListAsync()).Select(alarm => alarm.ToDraft()).ToList();
        var latencies = factory.Presses.Select(press => press.Latency).ToList();
        var readings = factory.Presses.Sum(press => press.Metrics.Readings);
        return new()
        {
            Readings = readings,
            InsightsSent = factory.Presses.Sum(press => press.Insights),
            BytesSent = factory.Presses.Sum(press => press.Node.BytesSent),
            RawBytes = readings * Reading.SizeBytes(plant.Features.SignalCount),
            DecisionP50 = DecisionLatency.Quantile(0.50, latencies),
            DecisionP99 = DecisionLatency.Quantile(0.99, latencies),
            Detection = DetectionReport.Of(plant.Labels, alarms),
            Replicas = [.. factory.Nodes.Select(node => node.Name).Zip(await factory.HashesAsync())],
            ReplicasEqual = shift.ReplicasEqual,
            ModelStops = (await factory.Models.GetStatusAsync()).Stops,
            ServedVersions = [.. factory.Presses.Select(static press => press.ServedVersion)],
            Unanswered = factory.Presses.Sum(static press => press.Metrics.NotFinite),
            Duration = duration,
            Inspection = await Floor.Inspection.FindAsync(factory.Gateway),
        };
    }

    public void WriteJson(Stream output)
    {
        using var json = new Utf8JsonWriter(output, new() { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("readings", Readings);
        json.WriteNumber("insightsSent", InsightsSent);
        json.WriteNumber("bytesSent", BytesSent);
        json.WriteNumber("rawBytes", RawBytes);
        json.WriteNumber("decisionP50Ms", DecisionP50.TotalMilliseconds);
        json.WriteNumber("decisionP99Ms", DecisionP99.TotalMilliseconds);
        json.WriteNumber("alarms", Detection.Alarms);
        json.WriteNumber("windowsLabelled", Detection.Windows);
        json.WriteNumber("windowsFound", Detection.Found);
        // Without labels nobody knows which alarms are false.
        if (Detection.Windows > 0)
            json.WriteNumber("falseAlarms", Detection.FalseAlarms);
        else
            json.WriteNull("falseAlarms");
        json.WriteNumber("replicas", Replicas.Count);
        json.WriteBoolean("replicasEqual", ReplicasEqual);
        json.WriteNumber("modelStops", ModelStops.Count);
        json.WriteNumber("unanswered", Unanswered);
        json.WriteStartArray("servedVersions");
        foreach (var version in ServedVersions)
            json.WriteNumberValue(version ?? 0);
        json.WriteEndArray();
        json.WriteStartObject("stateHashes");
        foreach (var (name, hash) in Replicas)
            json.WriteString(name, hash);
        json.WriteEndObject();
        json.WriteNumber("seconds", Math.Round(Duration.TotalSeconds, 2));
        json.WriteEndObject();
    }
}
