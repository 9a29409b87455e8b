using FactoryFloor.Recording;

namespace FactoryFloor;

/// <summary>What the user asked for.</summary>
internal sealed record CommandLine
{
    public const string Usage = """
        FactoryFloor [--data FILE.csv [--labels FILE.json]] [--json FILE] [--plot FILE.svg] [--out DIR]
            Three presses and a gateway, each with its own database. Without --data the presses are simulated.
            --data    a recording with the columns timestamp,value to play instead
            --labels  windows in which the machine was at fault: { "FILE.csv": [["start", "end"], …] }
            --json    writes the figures of the run there
            --plot    draws scores and alarms of each press there
            --out     keeps the databases there
        FactoryFloor train [--data FILE.csv] [--out MODEL.onnx]
            Trains the model of the simulated press, or of the first 15 % of a recording.
        """;

    public bool Train { get; private init; }

    public bool Help { get; private init; }

    public string? Data { get; private set; }

    public string? Labels { get; private set; }

    public string? Json { get; private set; }

    public string? Plot { get; private set; }

    public string? Out { get; private set; }

    /// <exception cref="InputException">An option is unknown, has no value, or does not go with the others.</exception>
    public static CommandLine Parse(string[] arguments)
    {
        var train = arguments is ["train", ..];
        var line = new CommandLine { Train = train, Help = arguments is ["--help" or "-h", ..] };
        if (line.Help)
            return line;
        for (var i = train ? 1 : 0; i < arguments.Length; i += 2)
            line.Set(arguments[i], i + 1 < arguments.Length ? arguments[i + 1] : throw Wrong($"{arguments[i]} needs a value"));
        if (line.Labels is not null && line.Data is null)
            throw Wrong("--labels says when a recording was at fault: give --data as well");
        return line;
    }

    private void Set(string option, string value)
    {
        switch (option)
        {
            case "--data": Data = value; break;
            case "--out": Out = value; break;
            case "--labels" when !Train: Labels = value; break;
            case "--json" when !Train: Json = value; break;
            case "--plot" when !Train: Plot = value; break;
            default: throw Wrong($"there is no option {option}{(Train ? " of train" : "")}");
        }
    }

    private static InputException Wrong(string fault) => new($"{fault}.{Environment.NewLine}{Environment.NewLine}{Usage}");
}
