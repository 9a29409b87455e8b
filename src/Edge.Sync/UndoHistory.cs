using System.ComponentModel;
using Edge.Sync.Crdts.Undo;
using Edge.Sync.Documents;
using Edge.Sync.Documents.Undo;
using Edge.Sync.Storage;

namespace Edge.Sync;

/// <summary>
/// Undo and redo of the edits that were written with it (<see cref="EditOptions.Undo"/>), and of no others: one for each view or user. It survives a
/// restart and stays on this device. Safe for use by several threads at once.
/// </summary>
/// <remarks>
/// <para>Undoing writes an ordinary change, on top of what others have written since. It takes back what the step did and what is still in effect: a
/// field's value is put back only while the one that the step wrote is shown, a counter is reduced by what the step added, characters are deleted
/// if they are still there and inserted where they stood. The rest is told by <see cref="UndoResult.Obstacles"/>.</para>
/// <para>A new edit clears what could be redone. See docs/undo-and-history.md.</para>
/// </remarks>
public sealed class UndoHistory : INotifyPropertyChanged
{
    private readonly EdgeDatabase _database;
    private readonly SynchronizationContext? _context = SynchronizationContext.Current;
    private readonly Lock _lock = new();
    private long _version;
    private long _shownVersion;

    internal UndoHistory(EdgeDatabase database, string name, UndoOptions options) => (_database, Name, Options) = (database, name, options);

    /// <summary>Raised when <see cref="CanUndo"/> or <see cref="CanRedo"/> changes, on the synchronization context in which the history was made, if there was one.</summary>
    public event PropertyChangedEventHandler? PropertyChanged;

    /// <summary>The name under which the history is kept in the file.</summary>
    public string Name { get; }

    /// <summary>How it gathers and how much it keeps.</summary>
    public UndoOptions Options { get; }

    /// <summary>Whether there is a step to take back. False until the history is loaded, which begins when it is made and has ended after <see cref="LoadAsync"/>.</summary>
    public bool CanUndo { get; private set; }

    /// <summary>Whether there is a step to do again.</summary>
    public bool CanRedo { get; private set; }

    /// <summary>Reads from the file whether there is something to undo.</summary>
    /// <exception cref="EdgeStorageException">The file cannot be read.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken = default)
    {
        var opened = await _database.OpenedAsync(cancellationToken).ConfigureAwait(false);
        Show(await opened.Writer.RunAloneAsync(_ => ReadState(opened.Undo), cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Takes the newest step back. Where there is none, nothing happens.</summary>
    /// <exception cref="EdgeStorageException">Nothing was changed; the step is still there.</exception>
    public Task<UndoResult> UndoAsync(CancellationToken cancellationToken = default) => MoveAsync(isUndo: true, cancellationToken);

    /// <summary>Does the step again that was taken back last. Where there is none, nothing happens.</summary>
    /// <exception cref="EdgeStorageException">Nothing was changed; the step is still there.</exception>
    public Task<UndoResult> RedoAsync(CancellationToken cancellationToken = default) => MoveAsync(isUndo: false, cancellationToken);

    /// <summary>Forgets all steps. No document changes.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken = default)
    {
        var opened = await _database.OpenedAsync(cancellationToken).ConfigureAwait(false);
        Show(await opened.Writer.RunAsync(_ =>
        {
            opened.Undo.Clear(Name, UndoTable.StackOf(true));
            opened.Undo.Clear(Name, UndoTable.StackOf(false));
            return ReadState(opened.Undo);
        }, cancellationToken).ConfigureAwait(false));
    }

    internal bool IsOf(EdgeDatabase database) => _database == database;

    /// <summary>Keeps what would take a change back, in the transaction of that change. Called on the writer.</summary>
    internal State Push(UndoTable table, UndoStep step)
    {
        if (step.IsEmpty) return ReadState(table);
        var now = _database.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        var (undo, redo) = (UndoTable.StackOf(true), UndoTable.StackOf(false));
        var top = table.Top(Name, undo);
        var joins = Options.GroupInterval > TimeSpan.Zero && top is { Time: > 0 and var last } && now >= last && now - last <= Options.GroupInterval.TotalMilliseconds
            && table.Top(Name, redo) is null;
        table.Clear(Name, redo);
        table.Push(Name, undo, top, joins, now, Write(step));
        table.Trim(Name, undo, Options.StepsMax, Options.BytesMax);
        return ReadState(table);
    }

    /// <summary>Takes over what the file says after a commit. What came later is not overwritten by what was earlier.</summary>
    internal void Show(State state)
    {
        lock (_lock)
        {
            if (state.Version <= _shownVersion) return;
            _shownVersion = state.Version;
            if (CanUndo == state.CanUndo && CanRedo == state.CanRedo) return;
            (CanUndo, CanRedo) = (state.CanUndo, state.CanRedo);
        }
        if (_context is null) Raise(null);
        else _context.Post(Raise, null);
    }

    private void Raise(object? state)
    {
        PropertyChanged?.Invoke(this, new(nameof(CanUndo)));
        PropertyChanged?.Invoke(this, new(nameof(CanRedo)));
    }

    /// <summary>Drops all that would take back edits of a document, in all histories of a file. Called on the writer, in the transaction that purges it.</summary>
    internal static void Forget(UndoTable table, DocumentKey key)
    {
        if (!table.Exists()) return;
        foreach (var row in table.ReadAll())
        {
            UndoStep? step = null;
            try { step = UndoStep.Read(row.Bytes); }
            catch (EdgeDataException) { /* nobody knows what is in it: it goes */ }
            if (step is null) table.Replace(row, new UndoStep().Write());
            else if (step.Forget(key)) table.Replace(row, step.Write());
        }
    }

    private async Task<UndoResult> MoveAsync(bool isUndo, CancellationToken cancellationToken)
    {
        var metadata = _database.NewMetadata(isUndo ? "undo" : "redo", author: null);
        var opened = await _database.OpenedAsync(cancellationToken).ConfigureAwait(false);
        var (result, state) = await opened.Writer.RunAsync(replica => Move(replica, opened.Undo, isUndo, metadata), cancellationToken).ConfigureAwait(false);
        Show(state);
        return result;
    }

    private (UndoResult, State) Move(Replica replica, UndoTable table, bool isUndo, ChangeMetadata metadata)
    {
        var (from, to) = (UndoTable.StackOf(isUndo), UndoTable.StackOf(!isUndo));
        var rows = table.ReadTopStep(Name, from);
        if (rows.Count == 0) return (new(null, []), ReadState(table));
        var (notes, renamed, inverse) = (new List<UndoNote>(), new DotRenaming(), new UndoStep());
        var steps = Read(table, rows);
        var change = replica.Edit(draft =>
        {
            (draft.Metadata, draft.Undo) = (metadata, inverse);
            foreach (var step in steps) step.Apply(draft, renamed, notes.Add);
        });
        table.DeleteStep(Name, from, rows[0].Step);
        if (!renamed.IsEmpty) Rename(table, renamed);
        if (!inverse.IsEmpty) table.Push(Name, to, table.Top(Name, to), joinsTop: false, time: 0, Write(inverse));
        return (new(new(_database, default, change), [.. notes.Distinct().Select(_database.ToObstacle)]), ReadState(table));
    }

    // What was brought to life again has new names, in the other histories of this file too.
    private static void Rename(UndoTable table, DotRenaming renamed)
    {
        foreach (var row in table.ReadAll())
        {
            UndoStep step;
            try { step = UndoStep.Read(row.Bytes); }
            catch (EdgeDataException) { continue; /* dropped when its turn comes */ }
            if (step.Rename(renamed)) table.Replace(row, step.Write());
        }
    }

    // A damaged step, or one of a newer version, takes nothing back; the documents do not depend on it.
    private static List<UndoStep> Read(UndoTable table, List<UndoTable.Row> rows)
    {
        var steps = new List<UndoStep>(rows.Count);
        foreach (var row in rows)
        {
            try { steps.Add(UndoStep.Read(row.Bytes)); }
            catch (EdgeDataException) { }
        }
        return steps;
    }

    private byte[] Write(UndoStep step)
    {
        var bytes = step.Write();
        return bytes.Length <= Options.StepBytesMax ? bytes : step.WithoutContent(UndoObstacleReason.TooLarge).Write();
    }

    private State ReadState(UndoTable table)
    {
        var (canUndo, canRedo) = table.Read(Name);
        return new(++_version, canUndo, canRedo);
    }

    /// <param name="Version">Counts on the writer, so that of two states the later one is known.</param>
    /// <param name="CanUndo">Whether there is a step to take back.</param>
    /// <param name="CanRedo">Whether there is a step to do again.</param>
    internal readonly record struct State(long Version, bool CanUndo, bool CanRedo);
}
