using System.Globalization;
using System.Text.Json;

namespace FederatedLoop;

/// <summary>What came of it.</summary>
internal sealed record Figures
{
    public required string Task { get; init; }

    public required int Devices { get; init; }

    public required int Rounds { get; init; }

    public required int TrainRows { get; init; }

    public required int TestRows { get; init; }

    public required double Initial { get; init; }

    public required double Central { get; init; }

    public required double Federated { get; init; }

    public required IReadOnlyList<double> DeviceOnly { get; init; }

    public required double Epsilon { get; init; }

    public required double Delta { get; init; }

    /// <summary>Whether every replica has the same bits after the last round.</summary>
    public required bool IsIdentical { get; init; }

    /// <summary>Whether version 2 serves on every device.</summary>
    public required bool IsThrough { get; init; }

    public required long BytesPerDevice { get; init; }

    public required TimeSpan Duration { get; init; }

    public void Print(TextWriter output)
    {
        output.WriteLine();
        output.WriteLine(Invariant($"{Task}  {TrainRows:N0} rows to learn from and {TestRows:N0} to test, on {Devices} devices, none of which ever left its device"));
        output.WriteLine();
        output.WriteLine("model                                  right");
        foreach (var (name, share) in new[]
        {
            ("version 1, as deployed first", Initial), ("device alone, worst", DeviceOnly.Min()), ("device alone, mean", DeviceOnly.Average()),
            ("federated: version 2, as deployed", Federated), ("central, all rows in one place", Central),
        })
            output.WriteLine(Invariant($"{name,-36} {share,7:P1}"));
        output.WriteLine();
        output.WriteLine(Invariant($"{Rounds} rounds; {BytesPerDevice:N0} bytes sent by a device in all; every replica computed {(IsIdentical ? "the same bits" : "SOMETHING ELSE")}"));
        output.WriteLine(double.IsInfinity(Epsilon)
            ? "No noise was added: nothing is promised about privacy beyond that rows stay where they are."
            : Invariant($"({Epsilon:F1}, {Delta:0e0})-differential privacy of a device towards whoever sees the model."));
        output.WriteLine(IsThrough ? Invariant($"Version 2 serves everywhere. {Duration.TotalSeconds:F1} s") : "VERSION 2 DID NOT GET THROUGH");
    }

    public void WriteJson(Stream output)
    {
        using var json = new Utf8JsonWriter(output, new() { Indented = true });
        json.WriteStartObject();
        json.WriteString("task", Task);
        json.WriteNumber("devices", Devices);
        json.WriteNumber("rounds", Rounds);
        json.WriteNumber("trainRows", TrainRows);
        json.WriteNumber("testRows", TestRows);
        json.WriteNumber("initial", Initial);
        json.WriteNumber("central", Central);
        json.WriteNumber("federated", Federated);
        json.WriteNumber("deviceOnlyMean", DeviceOnly.Average());
        json.WriteNumber("deviceOnlyWorst", DeviceOnly.Min());
        if (double.IsFinite(Epsilon))
            json.WriteNumber("epsilon", Epsilon);
        else
            json.WriteNull("epsilon");
        json.WriteBoolean("identical", IsIdentical);
        json.WriteBoolean("through", IsThrough);
        json.WriteNumber("bytesPerDevice", BytesPerDevice);
        json.WriteNumber("seconds", Math.Round(Duration.TotalSeconds, 2));
        json.WriteEndObject();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
