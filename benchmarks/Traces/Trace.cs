using System.IO.Compression;
using System.Text.Json;

namespace Edge.Sync.Benchmarks.Traces;

/// <summary>A splice: delete <paramref name="Deleted"/> characters at <paramref name="Index"/>, then insert <paramref name="Inserted"/> there. UTF-16, but see <see cref="Trace.HasAstral"/>.</summary>
internal readonly record struct Patch(int Index, int Deleted, string Inserted);

/// <summary>Patches of one agent, made on the merge of all that its parents had seen.</summary>
internal sealed record Transaction(int Agent, int[] Parents, Patch[] Patches);

/// <summary>A recorded editing history: gzipped JSON, sequential or concurrent.</summary>
internal sealed class Trace
{
    private Trace(string name, bool isConcurrent, int agents, string end, Transaction[] transactions) =>
        (Name, IsConcurrent, AgentCount, EndContent, Transactions) = (name, isConcurrent, agents, end, transactions);

    public string Name { get; }

    public bool IsConcurrent { get; }

    public int AgentCount { get; }

    public string EndContent { get; }

    public Transaction[] Transactions { get; }

    /// <summary>Whether code points differ from UTF-16 code units anywhere. Positions in a file count code points.</summary>
    public bool HasAstral { get; private init; }

    public int PatchCount => Transactions.Sum(t => t.Patches.Length);

    public static Trace Load(string path)
    {
        using var file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var json = JsonDocument.Parse(content);
        var root = json.RootElement;
        var isConcurrent = root.TryGetProperty("kind", out var kind) && kind.GetString() == "concurrent";
        // Equal strings are one object: a third of the time of a local replay was spent fetching 180,000 copies of single letters.
        var strings = new Dictionary<string, string>();
        var transactions = root.GetProperty("txns").EnumerateArray().Select((t, i) => Read(t, i, isConcurrent, strings)).ToArray();
        var hasAstral = transactions.Any(t => t.Patches.Any(p => p.Inserted.Any(char.IsSurrogate)));
        var agents = isConcurrent ? root.GetProperty("numAgents").GetInt32() : 1;
        return new(Path.GetFileName(path).Split('.')[0], isConcurrent, agents, root.GetProperty("endContent").GetString()!, transactions) { HasAstral = hasAstral };
    }

    /// <summary>The UTF-16 index of code point <paramref name="index"/> of <paramref name="text"/>.</summary>
    public static int ToUtf16(ReadOnlySpan<char> text, int index)
    {
        var at = 0;
        for (; index > 0; index--) at += char.IsHighSurrogate(text[at]) ? 2 : 1;
        return at;
    }

    private static Transaction Read(JsonElement element, int index, bool isConcurrent, Dictionary<string, string> strings)
    {
        var patches = element.GetProperty("patches").EnumerateArray()
            .Select(p => new Patch(p[0].GetInt32(), p[1].GetInt32(), Shared(p[2].GetString()!, strings))).ToArray();
        if (!isConcurrent) return new(0, index == 0 ? [] : [index - 1], patches);
        return new(element.GetProperty("agent").GetInt32(), [.. element.GetProperty("parents").EnumerateArray().Select(p => p.GetInt32())], patches);
    }

    private static string Shared(string text, Dictionary<string, string> strings)
    {
        if (strings.TryGetValue(text, out var shared)) return shared;
        strings.Add(text, text);
        return text;
    }
}
