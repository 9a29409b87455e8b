using System.Globalization;
using FactoryFloor.Floor;
using Spectre.Console;

namespace FactoryFloor.Reporting;

/// <summary>Shows a shift while it runs: a table that lives on a terminal, plain lines in a file.</summary>
internal static class Screen
{
    private static readonly TimeSpan s_tableStep = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_lineStep = TimeSpan.FromSeconds(2);

    public static Task ShowAsync(Factory factory, Shift shift, Task running) =>
        Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi
            ? ShowLinesAsync(factory, shift, running)
            : AnsiConsole.Live(new Text("")).StartAsync(live => ShowTableAsync(factory, shift, running, live));

    private static async Task ShowTableAsync(Factory factory, Shift shift, Task running, LiveDisplayContext live)
    {
        do
        {
            live.UpdateTarget(ToTable(shift.Act, await NodeRow.TakeAsync(factory)));
        }
        while (await IsGoingOnAsync(running, s_tableStep));
        live.UpdateTarget(ToTable(shift.Act, await NodeRow.TakeAsync(factory)));
        await running;
    }

    private static async Task ShowLinesAsync(Factory factory, Shift shift, Task running)
    {
        do
        {
            var rows = await NodeRow.TakeAsync(factory);
            Console.WriteLine(string.Join(" | ", rows
                .Select(static row => string.Create(CultureInfo.InvariantCulture, $"{row.Name}: {(row.Readings is { } readings ? $"{readings} readings, " : "")}{row.Alarms} alarms, {row.WorkOrders} orders{(row.Model.Length > 0 ? $", model {row.Model}" : "")}"))
                .Prepend(shift.Act)));
        }
        while (await IsGoingOnAsync(running, s_lineStep));
        await running;
    }

    private static Table ToTable(string act, IReadOnlyList<NodeRow> rows)
    {
        var table = new Table().Title(Markup.Escape(act)).AddColumns("Replica", "Link", "Model");
        foreach (var column in new[] { "Readings (stay here)", "Alarms", "Work orders", "Bytes sent" })
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var row in rows)
            table.AddRow(
                row.Name,
                row.IsUp ? "[green]up[/]" : "[red]cut[/]",
                Markup.Escape(row.Model),
                row.Readings?.ToString("N0", CultureInfo.InvariantCulture) ?? "",
                row.Alarms.ToString(CultureInfo.InvariantCulture),
                row.WorkOrders.ToString(CultureInfo.InvariantCulture),
                row.BytesSent.ToString("N0", CultureInfo.InvariantCulture));
        return table;
    }

    private static async Task<bool> IsGoingOnAsync(Task running, TimeSpan step) =>
        await Task.WhenAny(running, Task.Delay(step)) != running;
}
