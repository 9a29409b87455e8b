namespace Edge.Sync.LogModel.Small;

/// <summary>F14: bounded counters and unique claims, among copies and put-out devices.</summary>
public class F14EscrowTests
{
    /// <summary>C has 10 rights and is copied; both spend up to 10. Whatever is spent beyond what was granted shows as an overdraft, unless a fresh feed inherits rights.</summary>
    [Fact]
    public void Fresh_feed_inherits_no_rights_and_overspending_is_booked()
    {
        const int Granted = 10;
        var hidden = 0;
        for (var original = 0; original <= Granted; original++)
        {
            for (var copy = 0; copy <= Granted; copy++)
            {
                var isOversold = original + copy > Granted;
                if (isOversold) Assert.True(OverdraftOf([(Granted, original), (0, copy)]) > 0);
                if (isOversold && OverdraftOf([(Granted, original), (Granted, copy)]) == 0) hidden++;
            }
        }
        Assert.Equal(55, hidden);

        static int OverdraftOf((int Rights, int Spent)[] feeds) => feeds.Sum(static f => Math.Max(0, f.Spent - f.Rights));
    }

    /// <summary>A claim that is folded as final stays the winner, however early a late claim says it was made.</summary>
    [Fact]
    public void Claim_is_final_once_stable()
    {
        (string Who, int Depth, int Time, string Id)[] folded = [("A", 1, 50, "7")];
        for (var time = 0; time <= 100; time += 10)
        {
            // What comes after a fold follows it, and so lies deeper.
            (string Who, int Depth, int Time, string Id)[] late = [("B", 2, time, "1")];
            Assert.Equal("A", folded.Concat(late).MinBy(static c => (c.Depth, c.Id)).Who);
            var byTime = folded.Concat(late).MinBy(static c => (c.Time, c.Id)).Who;
            Assert.Equal(time <= 50 ? "B" : "A", byTime);
        }
    }
}
