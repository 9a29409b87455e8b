using System.Security.Cryptography;

namespace Edge.Sync.LogModel.Small;

/// <summary>F15: a snapshot is a function of the log, others attest it, and a newcomer accepts no single word.</summary>
public class F15SnapshotTests
{
    /// <summary>All orders of arrival of four concurrent edits give one root; a state that keeps the order of arrival gives as many as there are orders.</summary>
    [Fact]
    public void Root_is_the_same_for_every_order_of_arrival()
    {
        var universe = new Universe(1);
        var edits = Enumerable.Range(0, 4).Select(feed => universe.Commit(feed, -1, ChangeSet.Empty, ChangeKind.Edit, new(OperationKind.Insert, -1, feed, ChangeSet.Empty), feed, 0)).ToArray();
        var canonical = new HashSet<string>();
        var asArrived = new HashSet<string>();
        foreach (var order in Choices.Orders(edits))
        {
            var document = TextDocument.Empty.Apply(universe.InOrder(ChangeSet.Of(order.Select(static c => c.Index))), ChangeSet.Empty, new(universe, new(), 0));
            canonical.Add(Root(document.Visible));
            asArrived.Add(Root(string.Concat(order.Select(static c => (char)('a' + c.Operation.Value)))));
        }
        Assert.Single(canonical);
        Assert.Equal(24, asArrived.Count);
    }

    /// <summary>Two members, an owner among the givers or not, each honest or lying: with "an owner, or two who agree" a single liar who is no owner never convinces.</summary>
    [Fact]
    public void Newcomer_accepts_an_owner_or_two_that_agree()
    {
        var deceivedWithout = 0;
        foreach (var liars in Choices.Subsets(["hub", "member"]))
        {
            string[] roots = [liars.Contains("hub") ? "forged" : "true", liars.Contains("member") ? "forged" : "true"];
            if (roots[0] == "forged") deceivedWithout++;
            var accepted = roots[0] == roots[1] ? roots[0] : null;
            if (liars.Length == 1) Assert.Null(accepted);
            if (liars.Length == 0) Assert.Equal("true", accepted);
        }
        Assert.Equal(2, deceivedWithout);
    }

    private static string Root(string state) => Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(state)));
}
