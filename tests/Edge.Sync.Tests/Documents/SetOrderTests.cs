using Edge.Sync.Tests.Projections;

namespace Edge.Sync.Tests.Documents;

public class SetOrderTests
{
    [Fact]
    public void Set_enumerates_elements_that_compare_as_equal_in_one_order()
    {
        var noon = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
        DateTimeOffset[] times = [.. Enumerable.Range(-12, 25).Select(hours => noon.ToOffset(TimeSpan.FromHours(hours)))];
        Assert.Equal(Offsets(times), Offsets(times.Reverse()));

        static TimeSpan[] Offsets(IEnumerable<DateTimeOffset> times)
        {
            var gauge = new Meter();
            foreach (var time in times)
                gauge.Times.Add(time);
            return [.. gauge.Times.Select(static time => time.Offset)];
        }
    }
}
