namespace Edge.Sync.Tool;

/// <summary>
/// The words of a command line: positions and options. A few verbs with three words at most need no parser of someone else's.
/// </summary>
internal sealed class CommandLine
{
    private static readonly Dictionary<string, bool> s_options = new() // true where a value follows
    {
        ["--json"] = false,
        ["--progress"] = false,
        ["--document"] = true,
        ["--intent"] = true,
        ["--limit"] = true,
        ["--name"] = true,
        ["--pairing-key"] = true,
        ["--schema"] = true,
        ["--check"] = false,
        ["--retire"] = false,
    };

    private readonly List<string> _words = [];
    private readonly Dictionary<string, string> _options = [];

    private CommandLine() { }

    public string? Verb => _words.Count > 0 ? _words[0] : null;

    public bool IsJson => _options.ContainsKey("--json");

    public bool WantsProgress => _options.ContainsKey("--progress");

    /// <exception cref="UsageException">An option is not known, or lacks its value.</exception>
    public static CommandLine Parse(string[] args)
    {
        var line = new CommandLine();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i].Length < 2 || args[i][0] != '-')
            {
                line._words.Add(args[i]);
                continue;
            }
            if (!s_options.TryGetValue(args[i], out var hasValue)) throw new UsageException($"There is no option '{args[i]}'.");
            if (hasValue && i + 1 == args.Length) throw new UsageException($"'{args[i]}' needs a value.");
            line._options[args[i]] = hasValue ? args[++i] : "";
        }
        return line;
    }

    /// <summary>The words behind the verb.</summary>
    public string Word(int index, string what) => index + 1 < _words.Count ? _words[index + 1] : throw new UsageException($"'{Verb}' needs {what}.");

    public string? OptionalWord(int index) => index + 1 < _words.Count ? _words[index + 1] : null;

    public bool Has(string name) => _options.ContainsKey(name);

    public string? Option(string name) => _options.GetValueOrDefault(name);

    /// <exception cref="UsageException">There are more words, or options that the command does not have.</exception>
    public void Expect(int wordsMax, params ReadOnlySpan<string> options)
    {
        if (_words.Count - 1 > wordsMax) throw new UsageException($"'{Verb}' does not take '{_words[wordsMax + 1]}'.");
        foreach (var option in _options.Keys)
            if (option is not ("--json" or "--progress") && !options.Contains(option)) throw new UsageException($"'{Verb}' does not take '{option}'.");
    }

    /// <summary>The bytes of the file that <c>--pairing-key</c> names, so that no key is seen among the processes; empty without it.</summary>
    /// <exception cref="UsageException">There is no such file, or its length is no key's.</exception>
    public byte[] PairingKey()
    {
        if (Option("--pairing-key") is not { } path) return [];
        if (new FileInfo(path) is not { Exists: true, Length: >= EdgeDatabaseOptions.PairingKeyMin and <= EdgeDatabaseOptions.PairingKeyMax })
            throw new UsageException($"'{path}' is not a file of {EdgeDatabaseOptions.PairingKeyMin} to {EdgeDatabaseOptions.PairingKeyMax} bytes: a pairing key.");
        return File.ReadAllBytes(path);
    }

    public long Number(string option, long otherwise)
    {
        if (Option(option) is not { } text) return otherwise;
        return long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : throw new UsageException($"'{option}' takes a number, not '{text}'.");
    }
}
