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

    /// <summary>The agents' replicas.</summary>
    public ReplicaId[] Ids => [.. Enumerable.Range(0, AgentCount).Select(i => new ReplicaId(0x9E3779B97F4A7C15 * (ulong)(i + 1), (ulong)i))];

    /// <exception cref="InvalidDataException">The file is no trace; the message says where it fails to be one.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Trace Load(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[2];
        var isPacked = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1F, 0x8B];
        file.Position = 0;
        using Stream content = isPacked ? new GZipStream(file, CompressionMode.Decompress) : file;
        try
        {
            using var json = JsonDocument.Parse(content);
            return Read(Path.GetFileName(path).Split('.')[0], json.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"this is no editing trace: {e.Message}", e);
        }
    }

    /// <summary>The UTF-16 index of code point <paramref name="index"/> of <paramref name="text"/>.</summary>
    public static int ToUtf16(ReadOnlySpan<char> text, int index)
    {
        var at = 0;
        for (; index > 0; index--) at += char.IsHighSurrogate(text[at]) ? 2 : 1;
        return at;
    }

    private static Trace Read(string name, JsonElement root)
    {
        var isConcurrent = root.TryGetProperty("kind", out var kind) && kind.GetString() == "concurrent";
        // Equal strings are one object: a third of the time of a local replay was spent fetching 180,000 copies of single letters.
        var strings = new Dictionary<string, string>();
        var agents = isConcurrent ? root.GetProperty("numAgents").GetInt32() : 1;
        var transactions = new List<Transaction>();
        if (!isConcurrent && root.TryGetProperty("startContent", out var start) && start.GetString() is { Length: > 0 } text)
            transactions.Add(new(0, [], [new(0, 0, text)]));
        foreach (var element in root.GetProperty("txns").EnumerateArray()) transactions.Add(Read(element, transactions.Count, isConcurrent, agents, strings));
        var hasAstral = transactions.Exists(t => t.Patches.Any(p => p.Inserted.Any(char.IsSurrogate)));
        return new(name, isConcurrent, agents, root.GetProperty("endContent").GetString() ?? "", [.. transactions]) { HasAstral = hasAstral };
    }

    private static Transaction Read(JsonElement element, int index, bool isConcurrent, int agents, Dictionary<string, string> strings)
    {
        var patches = element.GetProperty("patches").EnumerateArray()
            .Select(p => new Patch(p[0].GetInt32(), p[1].GetInt32(), Shared(p[2].GetString() ?? "", strings))).ToArray();
        if (patches.Any(p => p.Index < 0 || p.Deleted < 0)) throw new InvalidDataException($"transaction {index} has a patch with a negative number");
        if (!isConcurrent) return new(0, index == 0 ? [] : [index - 1], patches);
        var agent = element.GetProperty("agent").GetInt32();
        if (agent < 0 || agent >= agents) throw new InvalidDataException($"transaction {index} is agent {agent}'s, and there are {agents}");
        int[] parents = [.. element.GetProperty("parents").EnumerateArray().Select(p => p.GetInt32())];
        if (parents.Any(p => p < 0 || p >= index)) throw new InvalidDataException($"transaction {index} names a parent that does not come before it");
        return new(agent, parents, patches);
    }

    private static string Shared(string text, Dictionary<string, string> strings)
    {
        if (strings.TryGetValue(text, out var shared)) return shared;
        strings.Add(text, text);
        return text;
    }
}
