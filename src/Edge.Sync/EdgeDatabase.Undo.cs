using Edge.Sync.Documents;
using Edge.Sync.Documents.Undo;

namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    private const int UndoNameLengthMax = 256;

    private readonly Dictionary<string, UndoHistory> _histories = new(StringComparer.Ordinal);

    /// <summary>A history of one's own edits, under a name by which it is found again after a restart. The same name gives the same object.</summary>
    /// <param name="name">A view, a user, or both: each history takes back only what was written with it. At most 256 characters.</param>
    /// <param name="options">How it gathers and how much it keeps; null for the defaults, or for those that it was first made with.</param>
    /// <exception cref="InvalidOperationException">There is one of that name with other options.</exception>
    public UndoHistory CreateUndoHistory(string name, UndoOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, UndoNameLengthMax, nameof(name));
        options?.Validate();
        UndoHistory history;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed is not null, this);
            if (_histories.TryGetValue(name, out var existing))
            {
                return options is null || options == existing.Options ? existing
                    : throw new InvalidOperationException($"There is an undo history '{name}' with other options. Make it once, or give the other one another name.");
            }
            _histories.Add(name, history = new(this, name, options ?? new()));
        }
        _scheduler.Post(() => LoadQuietlyAsync(history));
        return history;
    }

    internal UndoObstacle ToObstacle(UndoNote note) => new(note.Key.Collection, note.Key.Id, FieldName(note.Key.Collection, note.FieldId), note.Reason);

    /// <summary>A field's wire name, where a class of its collection has been used.</summary>
    internal string? FieldName(string collection, uint fieldId)
    {
        lock (_lock)
        {
            foreach (var schema in _registrations.Keys)
                if (schema.Collection == collection && schema.Fields.FirstOrDefault(field => field.Id == fieldId) is { } field) return field.Name;
        }
        return null;
    }

    private static async void LoadQuietlyAsync(UndoHistory history)
    {
        try { await history.LoadAsync().ConfigureAwait(false); }
        catch (Exception e) when (e is EdgeSyncException or ObjectDisposedException) { /* told to whoever awaits the next call */ }
    }

    private UndoStep? NewStep(EditOptions options)
    {
        if (options.Undo is not { } history) return null;
        return history.IsOf(this) ? new() : throw new ArgumentException("The undo history belongs to another database object. Make it with CreateUndoHistory of this one.");
    }
}
