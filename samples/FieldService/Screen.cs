using Edge.Sync;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FieldService;

/// <summary>Both sides beside each other.</summary>
internal static class Screen
{
    /// <summary>What the live objects hold now: they change by themselves, wherever an edit came from.</summary>
    public static IRenderable OfLive(Side office, Side van, Side chosen, string typed) => new Rows(
        new Columns(Panel(office, office.Open, office == chosen), Panel(van, van.Open, van == chosen)),
        new Markup($"[grey]{Markup.Escape(Commands.Help)}[/]"),
        new Markup($"[bold]{chosen.Name}>[/] {Markup.Escape(typed)}_"));

    /// <summary>What is stored now, finished jobs too: for output that is read once.</summary>
    public static async Task<IRenderable> OfStoredAsync(Side office, Side van) => new Rows(Panel(office, await office.ListAsync(), false), Panel(van, await van.ListAsync(), false));

    private static Panel Panel(Side side, IEnumerable<Job> jobs, bool isChosen)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("job", "title", "min", "notes", "");
        table.Columns[1].Width(26);
        foreach (var job in jobs)
            table.AddRow(Markup.Escape(job.Key), Markup.Escape(job.Title), job.Minutes.ToString(), Markup.Escape(job.Notes.ToString().TrimEnd()), job.Done ? "done" : "");
        var status = side.Status.Value;
        var state = side.IsOnline ? status is { State: LinkState.Connected } ? "connected" : "connecting" : "offline";
        var header = $"{side.Name} · {state} · {status?.Unsent ?? 0} unsent · {side.Conflicts.Count} conflicts";
        return new Panel(table).Header(Markup.Escape(header)).BorderColor(isChosen ? Color.Green : Color.Grey);
    }
}
