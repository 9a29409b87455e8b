namespace Edge.Sync.LogModel.Small;

/// <summary>F16: a signature over a run, where the link may drop anywhere and whoever relays it may lie.</summary>
public class F16SealTests
{
    private const int Length = 6;

    /// <summary>Every placement of seals, every point at which the link drops, every change that a relay may have forged: nothing forged is applied, and what is applied can be relayed with its proof.</summary>
    [Fact]
    public void Only_sealed_prefixes_are_applied_and_relayed()
    {
        var forgedApplied = 0;
        foreach (var seals in Choices.Subsets(Enumerable.Range(1, Length).ToArray()))
        {
            for (var received = 0; received <= Length; received++)
            {
                for (var forged = 1; forged <= Length + 1; forged++)
                {
                    // A seal covers all before it in its feed: one behind the forged change does not verify.
                    var verified = seals.Where(s => s <= received && s < forged).DefaultIfEmpty(0).Max();
                    Assert.True(verified < forged);
                    Assert.True(verified == 0 || Apply(seals, verified, forged, appliesTail: false) == verified);
                    if (Apply(seals, received, forged, appliesTail: true) >= forged) forgedApplied++;
                }
            }
        }
        Assert.True(forgedApplied > 0);
    }

    /// <summary>A relay that holds c1 to c7 of a run which was signed at c10 when it was sent has no signature for what it holds, wherever the runs were cut.</summary>
    [Fact]
    public void Seal_is_stored_behind_what_it_covers()
    {
        var orphaned = 0;
        for (var sent = 1; sent <= Length; sent++)
        {
            for (var held = 1; held <= sent; held++)
            {
                int[] stored = [.. Enumerable.Range(1, sent / 2).Select(static s => s * 2), sent];
                Assert.Contains(stored.Where(s => s <= held).DefaultIfEmpty(0).Max(), (int[])[0, .. stored]);
                // Seals every two: at most one change waits for the next. Signed at send time only: all of them do.
                Assert.True(held - stored.Where(s => s <= held).DefaultIfEmpty(0).Max() <= 1);
                if (held != sent) orphaned += held;
            }
        }
        Assert.True(orphaned > 1);
    }

    // How far a receiver applies: to the last seal that verifies, or whatever came.
    private static int Apply(int[] seals, int received, int forged, bool appliesTail)
    {
        var sealedTo = seals.Where(s => s <= received && s < forged).DefaultIfEmpty(0).Max();
        var nextSeal = seals.Where(s => s > sealedTo).DefaultIfEmpty(int.MaxValue).Min();
        return appliesTail && nextSeal > received ? received : sealedTo;
    }
}
