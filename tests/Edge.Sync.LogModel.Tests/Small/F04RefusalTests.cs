namespace Edge.Sync.LogModel.Small;

/// <summary>F4: what refuses a change must be the same for all; what is found inside a body refuses nothing.</summary>
public class F04RefusalTests
{
    private sealed record Item(string Name, string[] After, bool IsOversized, int Format);

    // d1 comes from a newer app; c1, c2 follow it; x1 is over the limit of the format.
    private static readonly Item[] s_log = [new("d1", [], false, 2), new("c1", ["d1"], false, 1), new("c2", ["c1"], false, 1), new("x1", [], true, 1)];

    private static HashSet<string> Receive(IEnumerable<Item> order, int knownFormat, bool refusesByBody)
    {
        var held = new HashSet<string>();
        var waiting = order.ToList();
        for (var i = 0; i < waiting.Count; i++)
        {
            var item = waiting[i];
            if (item.IsOversized || (refusesByBody && item.Format > knownFormat)) { waiting.RemoveAt(i); i = -1; continue; }
            if (!item.After.All(held.Contains)) continue;
            held.Add(item.Name);
            waiting.RemoveAt(i);
            i = -1;
        }
        return held;
    }

    /// <summary>Old and new app, every order of arrival: they hold the same, and nobody's feed is stuck.</summary>
    [Fact]
    public void Refusal_looks_at_the_header_only()
    {
        var parted = 0;
        foreach (var order in Choices.Orders(s_log))
        {
            Assert.Equal(Receive(order, 2, refusesByBody: false).Order(), Receive(order, 1, refusesByBody: false).Order());
            Assert.Equal(3, Receive(order, 1, refusesByBody: false).Count);
            if (!Receive(order, 2, refusesByBody: true).SetEquals(Receive(order, 1, refusesByBody: true))) parted++;
        }
        Assert.Equal(24, parted);
    }
}
