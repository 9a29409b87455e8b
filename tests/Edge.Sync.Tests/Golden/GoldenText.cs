using System.Globalization;

namespace Edge.Sync.Tests.Golden;

/// <summary>Named byte strings as text that a review can read: one line each, <c>name: HEX</c>.</summary>
internal sealed class GoldenText
{
    private readonly List<(string Name, byte[] Bytes)> _lines = [];

    public IReadOnlyList<(string Name, byte[] Bytes)> Lines => _lines;

    public void Add(string name, ReadOnlySpan<byte> bytes) => _lines.Add((name, bytes.ToArray()));

    public void Add(string name, int number, ReadOnlySpan<byte> bytes) => Add($"{name} {number.ToString("00", CultureInfo.InvariantCulture)}", bytes);

    public IEnumerable<byte[]> All(string name) => _lines.Where(l => l.Name.StartsWith($"{name} ", StringComparison.Ordinal)).Select(l => l.Bytes);

    public byte[] this[string name] => _lines.Single(l => l.Name == name).Bytes;

    public static GoldenText Parse(string text)
    {
        var golden = new GoldenText();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.LastIndexOf(':');
            golden.Add(line[..colon], Convert.FromHexString(line[(colon + 1)..].Trim()));
        }
        return golden;
    }

    public override string ToString() => string.Concat(_lines.Select(l => $"{l.Name}: {Convert.ToHexString(l.Bytes)}\n"));
}
