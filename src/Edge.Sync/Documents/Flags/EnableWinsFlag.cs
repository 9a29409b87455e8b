using System.ComponentModel;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>A switch that should rather be on, such as "needs attention"; off at first.</summary>
/// <remarks>On concurrent edits: Alice turns it off while Bob, offline, turns it on again: it is on. Whoever turns it replaces all that they had seen.</remarks>
public sealed class EnableWinsFlag : INotifyPropertyChanged, ILiveContainer
{
    private readonly Field _field;
    private PropertyChangedEventHandler? _changed;

    internal EnableWinsFlag(Field field) => _field = field;

    /// <summary>Raised while the document is live, after a change of the flag.</summary>
    event PropertyChangedEventHandler? INotifyPropertyChanged.PropertyChanged { add => _changed += value; remove => _changed -= value; }

    Exception? ILiveContainer.RaiseChanged() => Handlers.Call(_changed, this, Handlers.Value);

    /// <summary>Whether it is on. Turning it to where it is already renews that.</summary>
    /// <exception cref="InvalidOperationException">On setting: the document is a snapshot, or its edit callback has ended.</exception>
    public bool Value
    {
        get => _field.TryFindCell(out var cell) ? cell.Number != 0 : _field.Shown as bool? ?? _field.Find<FlagState>(CrdtKind.EnableWinsFlag)?.IsEnabled ?? false;
        set
        {
            if (_field.IsLive)
            {
                Queue(value);
                return;
            }
            Write(_field, value);
        }
    }

    private void Queue(bool value) => _field.Queue(inDraft => Write(inDraft, value), value);

    private static void Write(Field field, bool value)
    {
        var sink = field.Writable();
        field.Commit(sink, field.FindOrNew<FlagState>(CrdtKind.EnableWinsFlag).Set(sink.Next, value));
    }

    /// <summary>The flag's <see cref="Value"/>.</summary>
    public static implicit operator bool(EnableWinsFlag flag)
    {
        ArgumentNullException.ThrowIfNull(flag);
        return flag.Value;
    }

    /// <summary>The flag's <see cref="Value"/>.</summary>
    public bool ToBoolean() => Value;

    /// <inheritdoc/>
    public override string ToString() => Value ? bool.TrueString : bool.FalseString;
}
