using FactoryFloor.Recording;
using FactoryFloor.Sensing;

namespace Edge.Sync.Inference.Tests.Samples;

public sealed class LabelFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Windows_of_the_recordings_file_name_are_read()
    {
        File.WriteAllText(_path, """{ "other.csv": [], "press.csv": [["2013-12-10 06:25:00.000000", "2013-12-12 05:35:00"]] }""");
        Assert.Equal(
            [new LabelledWindow(null, new(2013, 12, 10, 6, 25, 0, TimeSpan.Zero), new(2013, 12, 12, 5, 35, 0, TimeSpan.Zero))],
            LabelFile.Read(_path, "some/folder/press.csv"));
    }

    [Theory]
    [InlineData("{\n\"press.csv\": [[\"a\"\n", "line 3: not JSON")]
    [InlineData("[]", "the file is not an object")]
    [InlineData("""{ "other.csv": [] }""", "no labels for 'press.csv'. There are some for: other.csv")]
    [InlineData("""{ "press.csv": 3 }""", "'press.csv' is not a list")]
    [InlineData("""{ "press.csv": [["2013-12-10"]] }""", "window 1 of 'press.csv' is not a pair")]
    [InlineData("""{ "press.csv": [["2013-12-10", "2013-12-11"], ["2013-12-10", 7]] }""", "window 2 of 'press.csv' has no instant")]
    [InlineData("""{ "press.csv": [["2013-12-12", "2013-12-10"]] }""", "window 1 of 'press.csv' ends before it starts")]
    public void Malformed_file_is_told_with_what_was_expected(string content, string expected)
    {
        File.WriteAllText(_path, content);
        Assert.Contains(expected, Assert.Throws<InputException>(() => LabelFile.Read(_path, "press.csv")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_file_is_named() =>
        Assert.Contains("no-such.json: there is no such file", Assert.Throws<InputException>(() => LabelFile.Read("no-such.json", "press.csv")).Message, StringComparison.Ordinal);
}
