using System.Globalization;
using System.Text.Json;
using FactoryFloor.Sensing;

namespace FactoryFloor.Recording;

/// <summary>Reads labels: a JSON object with a list of windows for each recording, <c>{ "name.csv": [["start", "end"], …] }</c>.</summary>
internal static class LabelFile
{
    private const string Expected = "labels such as { \"recording.csv\": [[\"2013-12-10 06:25:00\", \"2013-12-12 05:35:00\"]] }";

    /// <summary>The windows of the recording that has the file name of <paramref name="recordingPath"/>.</summary>
    /// <exception cref="InputException">The file is missing or malformed, or does not name the recording.</exception>
    public static List<LabelledWindow> Read(string path, string recordingPath)
    {
        using var document = Parse(path);
        var recording = Path.GetFileName(recordingPath);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw Malformed(path, "the file is not an object");
        if (!document.RootElement.TryGetProperty(recording, out var windows))
            throw new InputException($"{path}: there are no labels for '{recording}'. There are some for: {string.Join(", ", document.RootElement.EnumerateObject().Select(p => p.Name))}.");
        if (windows.ValueKind != JsonValueKind.Array)
            throw Malformed(path, $"'{recording}' is not a list");
        return [.. windows.EnumerateArray().Select((window, index) => Window(path, $"window {index + 1} of '{recording}'", window))];
    }

    private static JsonDocument Parse(string path)
    {
        using var reader = InputFile.Open(path, Expected);
        try
        {
            return JsonDocument.Parse(reader.ReadToEnd());
        }
        catch (JsonException e)
        {
            throw new InputException($"{path}, line {e.LineNumber + 1}: not JSON. Expected {Expected}.");
        }
    }

    private static LabelledWindow Window(string path, string name, JsonElement window)
    {
        if (window.ValueKind != JsonValueKind.Array || window.GetArrayLength() != 2)
            throw Malformed(path, $"{name} is not a pair of start and end");
        var (start, end) = (Instant(path, name, window[0]), Instant(path, name, window[1]));
        return start <= end ? new(Press: null, start, end) : throw Malformed(path, $"{name} ends before it starts");
    }

    private static DateTimeOffset Instant(string path, string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.String && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : throw Malformed(path, $"{name} has no instant such as \"2013-12-10 06:25:00\" in place of {value.GetRawText()}");

    private static InputException Malformed(string path, string fault) => new($"{path}: {fault}. Expected {Expected}.");
}
