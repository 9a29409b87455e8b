using Edge.Sync;
using FieldService;
using Spectre.Console;

// FieldService [FOLDER] [SCRIPT]: with a script, or where no terminal is there, it reads lines and writes plain ones.
var folder = args is [var first, ..] ? first : ".";
var isPlain = args.Length > 1 || Console.IsInputRedirected || Console.IsOutputRedirected;
var writing = new Lock();
var changed = new SemaphoreSlim(0);
try
{
    using var script = args.Length > 1 ? File.OpenText(args[1]) : Console.In;
    var (office, van) = await Side.OpenAsync(folder, isPlain ? Say : _ => changed.Release());
    await using (office)
    await using (van)
        await (isPlain ? RunPlainAsync(office, van, script) : RunTerminalAsync(office, van));
    return 0;
}
catch (Exception e) when (e is EdgeSyncException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

void Say(string text)
{
    if (text.Length == 0) return;
    lock (writing) Console.WriteLine(text);
}

async Task RunPlainAsync(Side office, Side van, TextReader script)
{
    var console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No });
    console.Profile.Width = 100;
    var commands = new Commands(office, van, ShowAsync, Say);
    while (await script.ReadLineAsync() is { } line && await commands.RunAsync(line)) { }

    async Task ShowAsync()
    {
        var view = await Screen.OfStoredAsync(office, van);
        lock (writing) console.Write(view);
    }
}

async Task RunTerminalAsync(Side office, Side van)
{
    var (typed, said) = ("", "");
    var commands = new Commands(office, van, () => Task.CompletedTask, text => said += text + "\n");
    var (key, change) = (AnsiConsole.Console.Input.ReadKeyAsync(true, default), changed.WaitAsync());
    while (true)
    {
        AnsiConsole.Clear();
        AnsiConsole.Write(Screen.OfLive(office, van, commands.Side, typed));
        AnsiConsole.MarkupLine($"\n[yellow]{Markup.Escape(said)}[/]");
        // Whatever comes first: a key, or a change of what is shown.
        if (await Task.WhenAny(key, change) == change)
        {
            change = changed.WaitAsync();
            continue;
        }
        if (await key is not { } pressed) return;
        key = AnsiConsole.Console.Input.ReadKeyAsync(true, default);
        if (pressed.Key == ConsoleKey.Backspace) typed = typed.Length > 0 ? typed[..^1] : "";
        else if (pressed.Key != ConsoleKey.Enter) typed += char.IsControl(pressed.KeyChar) ? "" : pressed.KeyChar;
        else
        {
            said = "";
            if (!await commands.RunAsync(typed)) return;
            typed = "";
        }
    }
}
