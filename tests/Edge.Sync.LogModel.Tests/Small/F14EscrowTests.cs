namespace Edge.Sync.LogModel.Small;

/// <summary>F14: bounded counters and unique claims, among copies and put-out devices.</summary>
public class F14EscrowTests
{
    private sealed record Act(string Feed, int Counter, int Granted, int Spent);

    /// <summary>C has 10 rights and is copied; both spend up to 10. A fresh feed has none of its own, and what is spent beyond is a visible overdraft: in every case the books agree with what was sold.</summary>
    [Fact]
    public void Fresh_feed_inherits_no_rights_and_overspending_is_booked()
    {
        for (var original = 0; original <= 10; original++)
        {
            for (var copy = 0; copy <= 10; copy++)
            {
                Act[] log = [new("A", 1, 10, 0), new("C", 1, 0, original), new("C'", 1, 0, copy)];
                var granted = log.Sum(static a => a.Granted);
                var spent = log.Sum(static a => a.Spent);
                var overdraft = Math.Max(0, spent - granted);
                Assert.Equal(original + copy, granted - (granted - spent + overdraft) + overdraft);
                Assert.Equal(original + copy > 10, overdraft > 0);
                // Without the rule the copy would inherit 10 rights and the books would show no overdraft at all.
                Assert.True(spent <= granted + 10);
            }
        }
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
