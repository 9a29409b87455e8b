using FactoryFloor.Detection;
using FactoryFloor.Sensing;

namespace Edge.Sync.Inference.Tests.Samples;

public class AlarmRuleTests
{
    private const float High = AlarmRule.RaiseAbove + 1;
    private const float Between = (AlarmRule.RaiseAbove + AlarmRule.ClearBelow) / 2;
    private const float Low = AlarmRule.ClearBelow - 1;

    private readonly AlarmRule _rule = new();
    private int _second;

    [Fact]
    public void Alarm_is_raised_by_the_last_of_a_run_of_high_scores()
    {
        Assert.All(Scores(High, AlarmRule.RaiseAfter - 1), Assert.Null);
        var alarm = Next(High);
        Assert.Equal(new AlarmDraft("a", At(AlarmRule.RaiseAfter), ClearedAt: null, High), alarm);
    }

    [Fact]
    public void One_lower_score_starts_the_run_anew()
    {
        Assert.All(Scores(High, AlarmRule.RaiseAfter - 1), Assert.Null);
        Assert.Null(Next(Between));
        Assert.All(Scores(High, AlarmRule.RaiseAfter - 1), Assert.Null);
        Assert.NotNull(Next(High));
    }

    [Fact]
    public void Standing_alarm_says_nothing_until_it_is_cleared_with_its_peak()
    {
        var raised = Scores(High, AlarmRule.RaiseAfter)[^1]!;
        Assert.All(Scores(High, 50), Assert.Null);
        Assert.Null(Next(9));
        Assert.All(Scores(Between, 50), Assert.Null);
        Assert.All(Scores(Low, AlarmRule.ClearAfter - 1), Assert.Null);
        Assert.Null(Next(Between));
        Assert.All(Scores(Low, AlarmRule.ClearAfter - 1), Assert.Null);
        var cleared = Next(Low)!;

        Assert.Equal(raised with { ClearedAt = At(_second), Peak = 9 }, cleared);
        Assert.Equal(raised.Id, cleared.Id);
    }

    [Fact]
    public void Next_fault_is_another_alarm()
    {
        var first = Scores(High, AlarmRule.RaiseAfter)[^1]!;
        Assert.NotNull(Scores(Low, AlarmRule.ClearAfter)[^1]);
        var second = Scores(High, AlarmRule.RaiseAfter)[^1]!;
        Assert.NotEqual(first.Id, second.Id);
    }

    [Fact]
    public void Presses_do_not_share_a_run()
    {
        Assert.All(Scores(High, AlarmRule.RaiseAfter - 1), Assert.Null);
        Assert.Null(_rule.Next("b", At(0), High));
    }

    [Fact]
    public void Report_counts_found_windows_and_false_alarms()
    {
        LabelledWindow[] windows = [new("a", At(10), At(20)), new("b", At(10), At(20)), new(null, At(50), At(60)), new("a", At(80), At(90))];
        AlarmDraft[] alarms =
        [
            new("a", At(5), At(9), 4),
            new("a", At(5), At(10), 4),
            new("b", At(21), At(22), 4),
            new("c", At(60), At(70), 4),
            new("b", At(75), ClearedAt: null, 4),
        ];
        // Found: a's first window by the second alarm, the shared one by the fourth. False: the first (too early), the third (too late), the fifth (another press).
        Assert.Equal(new DetectionReport(Windows: 4, Found: 2, Alarms: 5, FalseAlarms: 3), DetectionReport.Of(windows, alarms));
    }

    private AlarmDraft? Next(float score) => _rule.Next("a", At(++_second), score);

    private List<AlarmDraft?> Scores(float score, int count) => [.. Enumerable.Range(0, count).Select(_ => Next(score)).ToList()];

    private static DateTimeOffset At(int second) => DateTimeOffset.UnixEpoch.AddSeconds(second);
}
