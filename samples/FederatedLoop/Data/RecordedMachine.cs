using System.Globalization;

namespace FederatedLoop.Data;

/// <summary>A recorded temperature, cut into as many stretches of time as there are devices: each knows another season of the machine. Asked is whether it will be warmer in an hour.</summary>
internal static class RecordedMachine
{
    private const string Header = "timestamp,value";
    private const int Past = 24;
    private const int Ahead = 12;
    private const int LinesMax = 5_000_000;

    /// <exception cref="InputException">The file is missing or malformed.</exception>
    public static LearningTask Load(string path, int devices)
    {
        var rows = ToRows(Read(path));
        const int Initial = 100;
        var each = (rows.Count - Initial) / devices;
        if (each < 100)
            throw new InputException($"{path}: it has {rows.Count} usable readings; {devices} devices need {Initial + 100 * devices}.");
        return new("will it be warmer in an hour?", rows[..Initial], [.. Enumerable.Range(0, devices).Select(device =>
        {
            var own = rows.GetRange(Initial + device * each, each);
            // Every fifth stretch of a day tests; the hour around its ends is in neither, since windows overlap.
            var (train, test) = (new List<Row>(), new List<Row>());
            for (var i = 0; i < own.Count; i++)
                if (i % 1_440 >= 1_152 + Past && i % 1_440 < 1_440 - Past)
                    test.Add(own[i]);
                else if (i % 1_440 < 1_152)
                    train.Add(own[i]);
            return new DeviceData(train, test);
        })]);
    }

    private static List<Row> ToRows(List<(DateTimeOffset At, float Value)> readings)
    {
        var rows = new List<Row>();
        for (var i = Past; i + Ahead < readings.Count; i++)
        {
            var now = readings[i].Value;
            var features = new float[Past / 2 + 1];
            for (var step = 0; step < Past / 2; step++)
                features[step] = (readings[i - Past + 2 * step].Value + readings[i - Past + 2 * step + 1].Value) / 2 - now;
            features[^1] = (now - 85) / 10;
            rows.Add(new(readings[i].At, features, readings[i + Ahead].Value > now ? 1 : 0));
        }
        return rows;
    }

    private static List<(DateTimeOffset At, float Value)> Read(string path)
    {
        var readings = new List<(DateTimeOffset, float)>();
        try
        {
            var number = 0;
            foreach (var line in File.ReadLines(path))
            {
                if (++number > LinesMax)
                    throw new InputException($"{path}: a recording has at most {LinesMax} lines.");
                var comma = line.IndexOf(',', StringComparison.Ordinal);
                if (number == 1)
                {
                    if (line.Trim() != Header)
                        throw new InputException($"{path}, line 1: expected the header '{Header}'.");
                }
                else if (comma > 0 && DateTimeOffset.TryParse(line.AsSpan(0, comma), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
                    && float.TryParse(line.AsSpan(comma + 1), CultureInfo.InvariantCulture, out var value) && float.IsFinite(value))
                {
                    readings.Add((at, value));
                }
                else if (line.Length > 0)
                {
                    throw new InputException($"{path}, line {number}: expected an instant, a comma and a number, such as '2013-12-02 21:15:00,73.9'.");
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"{path}: cannot be read: {e.Message}");
        }
        return readings;
    }
}
