using FactoryFloor.Floor;

namespace FactoryFloor.Reporting;

/// <summary>One replica at one moment, for the screen.</summary>
internal sealed record NodeRow(string Name, bool IsUp, long? Readings, long Alarms, long WorkOrders, long BytesSent, string Model)
{
    public static async Task<IReadOnlyList<NodeRow>> TakeAsync(Factory factory)
    {
        var rows = new List<NodeRow>();
        foreach (var node in factory.Nodes)
        {
            var press = factory.Presses.FirstOrDefault(press => press.Node == node);
            rows.Add(new(node.Name, factory.Network.IsUp, press?.Metrics.Readings, await node.Alarms.CountAsync(), await node.WorkOrders.CountAsync(), node.BytesSent, ModelOf(press)));
        }
        return rows;
    }

    private static string ModelOf(Press? press) =>
        press is null ? "" : press.ShadowVersion is { } shadow ? $"v{press.ServedVersion} (v{shadow} in the shadow)" : $"v{press.ServedVersion}";
}
