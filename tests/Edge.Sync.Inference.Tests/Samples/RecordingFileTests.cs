using FactoryFloor.Recording;
using FactoryFloor.Sensing;

namespace Edge.Sync.Inference.Tests.Samples;

public sealed class RecordingFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Readings_are_read_in_the_order_of_the_file()
    {
        File.WriteAllText(_path, "timestamp,value\r\n2013-12-02 21:15:00,73.5\r\n2013-12-02 21:20:00,-1e-3\r\n");
        Assert.Equal(
            [
                new Reading("", new(2013, 12, 2, 21, 15, 0, TimeSpan.Zero), 73.5f, 0),
                new Reading("", new(2013, 12, 2, 21, 20, 0, TimeSpan.Zero), -0.001f, 0),
            ],
            RecordingFile.Read(_path));
    }

    [Theory]
    [InlineData("time;value\n", "line 1: expected the header 'timestamp,value', found 'time;value'")]
    [InlineData("timestamp,value\n2013-12-02 21:15:00,73\nyesterday,73\n", "line 3: expected an instant such as 2013-12-02 21:15:00 before the comma, found 'yesterday,73'")]
    [InlineData("timestamp,value\n2013-12-02 21:15:00,warm\n", "line 2: expected a number such as 73.96 after the comma")]
    [InlineData("timestamp,value\n2013-12-02 21:15:00,NaN\n", "line 2: expected a number")]
    [InlineData("timestamp,value\n2013-12-02 21:15:00\n", "line 2: expected an instant, a comma and a number")]
    [InlineData("timestamp,value\n", "there is no reading in it")]
    public void Malformed_file_is_told_with_line_and_expectation(string content, string expected)
    {
        File.WriteAllText(_path, content);
        var error = Assert.Throws<InputException>(() => RecordingFile.Read(_path));
        Assert.StartsWith(_path, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Endless_line_is_refused_and_not_printed()
    {
        File.WriteAllText(_path, "timestamp,value\n2013-12-02 21:15:00,1" + new string('0', 10_000));
        Assert.InRange(Assert.Throws<InputException>(() => RecordingFile.Read(_path)).Message.Length, 1, 400);
    }

    [Fact]
    public void Missing_file_says_what_was_expected()
    {
        var error = Assert.Throws<InputException>(() => RecordingFile.Read("no-such-folder/press.csv"));
        Assert.Contains("no-such-folder/press.csv: there is no such file", error.Message, StringComparison.Ordinal);
        Assert.Contains("timestamp,value", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recording_is_shared_out_in_thirds_and_learnt_from_its_first_part()
    {
        var rows = Enumerable.Range(0, 3_000).Select(i => $"{new DateTime(2020, 1, 1).AddMinutes(5 * i):yyyy-MM-dd HH:mm:ss},{50 + 10 * Math.Sin(i / 20.0):F3}");
        File.WriteAllLines(_path, ["timestamp,value", .. rows]);
        var plant = RecordedPlant.Load(_path, labelsPath: null);

        Assert.Equal([1_000, 1_000, 1_000], plant.Presses.Select(p => p.Count));
        Assert.Equal(["press-1", "press-2", "press-3"], plant.Presses.Select(p => p[0].Press));
        Assert.Equal(RecordedPlant.Train(RecordingFile.Read(_path)[..450], share: 1).Model, plant.Model);
        Assert.Empty(plant.Labels);
    }

    [Fact]
    public void Recording_too_short_to_learn_from_is_told_so()
    {
        File.WriteAllLines(_path, ["timestamp,value", "2020-01-01 00:00:00,1", "2020-01-01 00:05:00,2"]);
        Assert.Contains("readings to train on", Assert.Throws<InputException>(() => RecordedPlant.Load(_path, labelsPath: null)).Message, StringComparison.Ordinal);
    }
}
