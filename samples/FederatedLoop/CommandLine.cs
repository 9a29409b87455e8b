using System.Globalization;

namespace FederatedLoop;

/// <summary>What the user asked for.</summary>
internal sealed record CommandLine
{
    public const string Usage = """
        FederatedLoop [--data FILE.csv] [--devices N] [--rounds N] [--noise Z] [--json FILE]
            Train, deploy, learn locally, improve together, deploy again: a gateway and N devices, each with a database of its own.
            --data     a recording with the columns timestamp,value; without it, simulated machines
            --devices  how many, from 3 to 50 (8)
            --rounds   how often they contribute, up to 500 (40)
            --noise    the noise on each round's sum, in units of the clip (0); its price in privacy is told
            --json     writes the figures there
        """;

    public bool Help { get; private set; }

    public string? Data { get; private set; }

    public int Devices { get; private set; } = 8;

    public int Rounds { get; private set; } = 40;

    public double Noise { get; private set; }

    public string? Json { get; private set; }

    /// <exception cref="InputException">An option is unknown, or its value is none.</exception>
    public static CommandLine Parse(string[] arguments)
    {
        var line = new CommandLine { Help = arguments is ["--help" or "-h", ..] };
        for (var i = 0; i < arguments.Length && !line.Help; i += 2)
            line.Set(arguments[i], i + 1 < arguments.Length ? arguments[i + 1] : throw Wrong($"{arguments[i]} needs a value"));
        return line;
    }

    private void Set(string option, string value)
    {
        switch (option)
        {
            case "--data": Data = value; break;
            case "--json": Json = value; break;
            case "--devices": Devices = Number(option, value, 3, 50); break;
            case "--rounds": Rounds = Number(option, value, 1, 500); break;
            case "--noise":
                Noise = double.TryParse(value, CultureInfo.InvariantCulture, out var noise) && noise is >= 0 and <= 100 ? noise : throw Wrong($"--noise is a number from 0 to 100, not '{value}'");
                break;
            default: throw Wrong($"there is no option {option}");
        }
    }

    private static int Number(string option, string value, int min, int max) =>
        int.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number : throw Wrong($"{option} is a number from {min} to {max}, not '{value}'");

    private static InputException Wrong(string fault) => new($"{fault}.{Environment.NewLine}{Environment.NewLine}{Usage}");
}
