using Edge.Sync.Transports.Lan;

namespace Edge.Sync.Transports.Tests.Lan;

public class LanMeetingPlaceTests
{
    // Processes of different versions must meet: computed with sha256sum from the layout in LanMeetingPlace's remarks.
    [Fact]
    public void Ports_and_greeting_of_a_name_never_change()
    {
        var place = new LanMeetingPlace("quick-start");
        Assert.Equal(26264, place.FirstPort);
        Assert.Equal("454447454c414e310b9a7687b79a8d019bc04a06669a8fd7168161e7ed621257", Convert.ToHexStringLower(place.Greeting.Span));
    }

    [Fact]
    public void Ports_stay_within_the_documented_range_in_blocks_of_16_and_greetings_differ()
    {
        var greetings = new HashSet<string>();
        for (var i = 0; i < 2000; i++)
        {
            var place = new LanMeetingPlace($"place {i}");
            Assert.InRange(place.FirstPort, 23000, 31191 - 15);
            Assert.Equal(0, (place.FirstPort - 23000) % 16);
            Assert.Equal(place.FirstPort + 15, place.Candidate(15).Port);
            Assert.True(greetings.Add(Convert.ToHexString(place.Greeting.Span)));
        }
    }
}
