using System.ComponentModel;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>A value that is replaced as a whole, like a plain property, and that also shows what was written beside it (a multi-value register).</summary>
/// <typeparam name="T">string, bool, byte, short, int, long, float, double, decimal, Guid, DateTimeOffset, DocumentId, Reference, an enum or a record struct of these.</typeparam>
/// <remarks>
/// On concurrent edits: Alice sets "A" and Bob, offline, sets "B" a minute later: everyone reads "B", and finds "A" in <see cref="Values"/> until
/// somebody writes again, who then has seen both. On the wire it is the same as a plain property: one may become the other.
/// </remarks>
public sealed class Register<T> : INotifyPropertyChanged, ILiveContainer
{
    private readonly Field _field;
    private PropertyChangedEventHandler? _changed;

    internal Register(Field field) => _field = field;

    /// <summary>Raised while the document is live, after a change of the value.</summary>
    event PropertyChangedEventHandler? INotifyPropertyChanged.PropertyChanged { add => _changed += value; remove => _changed -= value; }

    Exception? ILiveContainer.RaiseChanged() => Handlers.Call(_changed, this, Handlers.Value);

    /// <summary>The value that is shown: the latest by hybrid time, then of the greatest replica. The type's default, or "", before the first.</summary>
    /// <exception cref="InvalidOperationException">On setting: the document is a snapshot, or its edit callback has ended.</exception>
    public T Value
    {
        get => RegisterValue.Read(_field, DefaultValue<T>.Value);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            RegisterValue.Write(_field, ValueCodec<T>.Encode(value));
        }
    }

    /// <summary>Whether values of authors who had not seen each other's stand beside each other.</summary>
    public bool HasConflict => State?.Count > 1;

    /// <summary>All concurrent values, the one that is shown last: none before the first write, one while there is no conflict. The same on every replica.</summary>
    public IReadOnlyList<ConcurrentValue<T>> Values => RegisterValue.ReadAll<T>(State);

    private RegisterState? State => _field.Find<RegisterState>(CrdtKind.Register);

    /// <inheritdoc/>
    public override string ToString() => Value?.ToString() ?? "";
}
