using System.Globalization;

namespace FieldService;

/// <summary>What can be typed. Each line is done at the side that was chosen last.</summary>
internal sealed class Commands(Side office, Side van, Func<Task> show, Action<string> say)
{
    public const string Help = """
        office | van           choose a side     online | offline  the van's link
        add KEY TITLE          a new job         title KEY TITLE   rename it
        minutes KEY N          add minutes       note KEY TEXT     add to its notes
        done KEY | delete KEY                    undo | redo       this side's edits
        conflicts | restore N  what lost         show | wait | quit
        """;

    private bool _isVan;

    public Side Side => _isVan ? van : office;

    /// <summary>Does what a line says. False where it is to be the last one.</summary>
    public async Task<bool> RunAsync(string line)
    {
        var words = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        try
        {
            switch (words)
            {
                case [] or ["#", ..]: break;
                case ["quit"]: return false;
                case ["office"]: _isVan = false; break;
                case ["van"]: _isVan = true; break;
                case ["online"]: van.Connect(); break;
                case ["offline"]: await van.DisconnectAsync(); break;
                case ["add", var key, var title]: await Side.EditAsync(key, job => (job.Key, job.Title) = (key, title)); break;
                case ["title", var key, var title]: await EditAsync(key, job => job.Title = title); break;
                case ["minutes", var key, var text] when int.TryParse(text, CultureInfo.InvariantCulture, out var minutes): await EditAsync(key, job => job.Minutes.Add(minutes)); break;
                case ["note", var key, var text]: await EditAsync(key, job => job.Notes.Append(text + " ")); break;
                case ["done", var key]: await EditAsync(key, job => job.Done = true); break;
                case ["delete", var key]: await Side.DeleteAsync(key); break;
                case ["undo"]: say(Told("undone", (await Side.Undo.UndoAsync()).Changed)); break;
                case ["redo"]: say(Told("done again", (await Side.Undo.RedoAsync()).Changed)); break;
                case ["conflicts"]: await ListConflictsAsync(); break;
                case ["restore", var text] when int.TryParse(text, CultureInfo.InvariantCulture, out var number): await RestoreAsync(number); break;
                case ["wait"]: await WaitAsync(); break;
                case ["show"]: await show(); break;
                default: say(Help); break;
            }
        }
        catch (Exception e) when (e is Edge.Sync.EdgeSyncException or TimeoutException or InvalidOperationException) { say($"That did not work: {e.Message}"); }
        return true;
    }

    private static string Told(string what, bool isDone) => isDone ? what : "there is nothing to take back";

    // Editing what is not there would make it.
    private async Task EditAsync(string key, Action<Job> edit)
    {
        if (await Side.FindAsync(key) is null) say($"{Side.Name} has no job '{key}'");
        else await Side.EditAsync(key, edit);
    }

    private async Task ListConflictsAsync()
    {
        var conflicts = await Side.ListConflictsAsync();
        if (conflicts.Count == 0) say($"{Side.Name} has no conflicts");
        for (var i = 0; i < conflicts.Count; i++)
            say($"{i + 1}. {conflicts[i].Field}: '{conflicts[i].LostValue}' lost to '{conflicts[i].ShownValue}'");
    }

    private async Task RestoreAsync(int number)
    {
        var conflicts = await Side.ListConflictsAsync();
        if (number < 1 || number > conflicts.Count) say($"there is no conflict {number}");
        else await Side.RestoreAsync(conflicts[number - 1]);
    }

    /// <summary>Both sides have what the other wrote.</summary>
    private async Task WaitAsync()
    {
        if (!van.IsOnline)
        {
            say("the van is offline");
            return;
        }
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try { await Task.WhenAll(office.WhenSentAsync(patience.Token), van.WhenSentAsync(patience.Token)); }
        catch (OperationCanceledException) { throw new TimeoutException("the sides did not come together within a minute"); }
    }
}
