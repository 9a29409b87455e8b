namespace FederatedLoop.Data;

/// <summary>What a device measures at one moment, and what later turned out.</summary>
/// <param name="At">When; ascending on a device.</param>
/// <param name="Features">What the model sees.</param>
/// <param name="Label">1 or 0: what it should say.</param>
internal sealed record Row(DateTimeOffset At, float[] Features, float Label);

/// <summary>The rows of one device. They never leave it.</summary>
internal sealed record DeviceData(IReadOnlyList<Row> Train, IReadOnlyList<Row> Test);

/// <summary>A task, shared out to devices.</summary>
/// <param name="Title">What is asked.</param>
/// <param name="Initial">The few rows that the first model is trained on, at the gateway.</param>
/// <param name="Devices">The others.</param>
internal sealed record LearningTask(string Title, IReadOnlyList<Row> Initial, IReadOnlyList<DeviceData> Devices)
{
    public int FeatureCount => Initial[0].Features.Length;
}
