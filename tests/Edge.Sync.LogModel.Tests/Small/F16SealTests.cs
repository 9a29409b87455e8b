namespace Edge.Sync.LogModel.Small;

/// <summary>F16: a signature over a run, where the link may drop anywhere and a relay sends on.</summary>
public class F16SealTests
{
    private const int Length = 6;

    /// <summary>Every placement of seals, every point at which the first link drops, every point at which the relay's does: what is applied is always covered, and the rest comes later.</summary>
    [Fact]
    public void Only_sealed_prefixes_are_applied_and_relayed()
    {
        var unverifiable = 0;
        foreach (var seals in Choices.Subsets(Enumerable.Range(1, Length - 1).ToArray()))
        {
            int[] all = [.. seals, Length];
            for (var received = 0; received <= Length; received++)
            {
                var applied = all.Where(s => s <= received).DefaultIfEmpty(0).Max();
                Assert.True(applied == 0 || all.Contains(applied));
                if (received > applied) unverifiable++;
                for (var relayed = 0; relayed <= applied; relayed++)
                {
                    var there = all.Where(s => s <= relayed).DefaultIfEmpty(0).Max();
                    Assert.True(there <= applied);
                    // Nothing is stuck: what is sealed is passed on at the next try, from where it stopped.
                    Assert.True(all.Where(s => s <= applied).DefaultIfEmpty(0).Max() == applied);
                }
            }
        }
        Assert.True(unverifiable > 0);
    }

    /// <summary>A signature made at send time over "all so far" covers no other run: a relay that got the runs apart has none for what it holds.</summary>
    [Fact]
    public void Signature_of_a_message_is_none_of_a_prefix()
    {
        var orphaned = 0;
        for (var first = 1; first <= Length; first++)
            for (var held = 1; held <= first; held++)
                if (held != first) orphaned++;
        Assert.Equal(Length * (Length - 1) / 2, orphaned);
    }
}
