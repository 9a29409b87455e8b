using System.Globalization;

namespace Edge.Sync.Inference.Remote;

/// <summary>What a worker says, as one line: <c>hash version microseconds backend row</c>. A version of 0 is none.</summary>
internal readonly record struct AnswerText(ModelHash Model, long? Version, TimeSpan Duration, string Backend, float[] Row)
{
    private const int Parts = 5;
    private const int BackendLengthMax = 64;
    private const int HeadLengthMax = 256;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Model} {Version ?? 0} {(long)Duration.TotalMicroseconds} {Name(Backend)} {FloatText.Write(Row)}");

    private static string Name(string backend) => backend.Length == 0 ? "-" : backend[..Math.Min(backend.Length, BackendLengthMax)].Replace(' ', '-');

    /// <returns>False where it is none; it came from another replica and may be anything.</returns>
    public static bool TryRead(string text, int bytesMax, out AnswerText answer)
    {
        answer = default;
        if (text.Length > HeadLengthMax + (bytesMax + 2L) / 3 * 4)
            return false;
        var parts = text.Split(' ', Parts + 1);
        if (parts.Length != Parts || !ModelHash.TryParse(parts[0], out var hash)
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) || microseconds > TimeSpan.MicrosecondsPerDay
            || parts[3].Length is 0 or > BackendLengthMax || !FloatText.TryRead(parts[4], bytesMax, out var row))
            return false;
        answer = new(hash, version == 0 ? null : version, TimeSpan.FromMicroseconds(microseconds), parts[3], row);
        return true;
    }
}
