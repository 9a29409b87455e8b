using System.Xml.Linq;
using FactoryFloor.Detection;
using FactoryFloor.Reporting;
using FactoryFloor.Sensing;

namespace Edge.Sync.Inference.Tests.Samples;

public class ScorePlotTests
{
    private static readonly DateTimeOffset s_start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Plot_shows_each_press_with_its_own_alarms_and_labels_and_loses_no_peak()
    {
        // One peak among 20,000 scores: far more than there are columns.
        var scores = Enumerable.Range(0, 20_000).Select(static i => (s_start.AddMinutes(i), i == 12_345 ? 9f : 1f)).ToList();
        var svg = XDocument.Parse(ScorePlot.Draw(
            [("press-1", scores), ("press-2 <&>", scores[..100])],
            [new("press-1", s_start.AddMinutes(12_345), null, 9)],
            [new(null, s_start, s_start.AddMinutes(10)), new("press-2 <&>", s_start, s_start.AddMinutes(10))]));

        var lines = svg.Descendants().Where(static e => e.Name.LocalName == "polyline").ToList();
        Assert.Equal(2, lines.Count);
        // The first panel begins at 24 and the highest score is its top.
        Assert.Contains(",24 ", lines[0].Attribute("points")!.Value, StringComparison.Ordinal);
        Assert.Equal(["labelled", "alarm, peak 9.0", "labelled", "labelled"], svg.Descendants().Where(static e => e.Name.LocalName == "title").Select(static e => e.Value));
    }
}
