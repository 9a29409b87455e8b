namespace FederatedLoop.Data;

/// <summary>
/// Made-up machines, for when there is no recording at hand: each works in another range, so that what it measures says little about the others. Asked is whether a part will be
/// out of tolerance; the rule behind it is the same for all, and a tenth of the outcomes is chance.
/// </summary>
internal static class SimulatedMachines
{
    private const int Features = 6;

    public static LearningTask Make(int devices, int rowsEach)
    {
        var random = new Random(1);
        return new("will the part be out of tolerance? (simulated)", Rows(random, new float[Features], 60),
            [.. Enumerable.Range(0, devices).Select(_ =>
            {
                // The range of a machine: some of what matters hardly varies there.
                var range = new float[Features];
                foreach (ref var middle in range.AsSpan())
                    middle = Normal(random) * 1.2f;
                return new DeviceData(Rows(random, range, rowsEach), Rows(random, range, rowsEach / 3));
            })]);
    }

    private static List<Row> Rows(Random random, float[] middle, int count)
    {
        var rows = new List<Row>();
        for (var i = 0; i < count; i++)
        {
            var x = new float[Features];
            for (var j = 0; j < Features; j++)
                x[j] = middle[j] + 0.7f * Normal(random);
            var strain = x[0] - 0.8f * x[1] + 0.6f * x[2] - 0.5f * x[3] + 0.4f * x[4] + 0.5f * MathF.Tanh(x[0] * x[5]);
            var isOut = random.NextDouble() < 0.1 ? random.Next(2) == 0 : strain > 0;
            rows.Add(new(DateTimeOffset.UnixEpoch.AddMinutes(i), x, isOut ? 1 : 0));
        }
        return rows;
    }

    private static float Normal(Random random) => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
