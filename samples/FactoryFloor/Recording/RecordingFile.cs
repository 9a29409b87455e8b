using System.Globalization;
using FactoryFloor.Sensing;

namespace FactoryFloor.Recording;

/// <summary>Reads a recording: a header line <c>timestamp,value</c>, then one reading a line, such as <c>2013-12-02 21:15:00,73.96</c>.</summary>
internal static class RecordingFile
{
    private const string Header = "timestamp,value";
    private const int LinesMax = 5_000_000;
    private const int LineLengthMax = 256;

    /// <summary>All readings of a file, in its order, without the name of a press.</summary>
    /// <exception cref="InputException">The file is missing or a line is malformed.</exception>
    public static List<Reading> Read(string path)
    {
        var readings = new List<Reading>();
        var number = 0;
        foreach (var line in InputFile.Lines(path, "a recording with the columns timestamp,value"))
        {
            number++;
            if (number > LinesMax)
                throw Malformed(path, number, $"the end of the file: a recording has at most {LinesMax} lines", line);
            if (number == 1)
            {
                if (!line.Trim().Equals(Header, StringComparison.OrdinalIgnoreCase))
                    throw Malformed(path, number, $"the header '{Header}'", line);
                continue;
            }
            // An empty line is tolerated where editors leave one: at the end.
            if (line.Length > 0)
                readings.Add(Parse(path, number, line));
        }
        return readings.Count > 0 ? readings : throw new InputException($"{path}: there is no reading in it. Expected '{Header}' and then one reading a line.");
    }

    private static Reading Parse(string path, int number, string line)
    {
        var comma = line.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || line.Length > LineLengthMax)
            throw Malformed(path, number, "an instant, a comma and a number", line);
        if (!DateTimeOffset.TryParse(line.AsSpan(0, comma), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            throw Malformed(path, number, "an instant such as 2013-12-02 21:15:00 before the comma", line);
        if (!float.TryParse(line.AsSpan(comma + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !float.IsFinite(value))
            throw Malformed(path, number, "a number such as 73.96 after the comma", line);
        return new(Press: "", at, Temperature: value, Vibration: 0);
    }

    private static InputException Malformed(string path, int number, string expected, string line) =>
        new($"{path}, line {number}: expected {expected}, found '{(line.Length > 60 ? line[..60] + "…" : line)}'.");
}
