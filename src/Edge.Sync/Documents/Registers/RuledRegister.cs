using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>A value that is replaced as a whole, and of which a rule of the app's own says what is shown where several are concurrent.</summary>
/// <typeparam name="T">A plain value: see <see cref="Register{T}"/>.</typeparam>
/// <typeparam name="TRule">The rule.</typeparam>
/// <remarks>
/// On concurrent edits, with a rule that the highest wins: Alice sets High and Bob, offline, sets Low a minute later: everyone reads High. Who writes having seen
/// both decides, whatever the rule. On the wire it is a register, so that a replica without the class shows the latest, and passes all on.
/// </remarks>
public sealed class Register<T, TRule> where TRule : IMergeRule<T>
{
    private readonly Field _field;

    internal Register(Field field) => _field = field;

    /// <summary>The value that is shown: the one that was written, or what the rule makes of several. The type's default, or "", before the first.</summary>
    /// <exception cref="InvalidOperationException">On setting: the document is a snapshot, or its edit callback has ended.</exception>
    public T Value
    {
        get => State is { Count: > 1 } ? RuledValue<T, TRule>.Merge(Values) : RegisterValue.Read(_field, DefaultValue<T>.Value);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            RegisterValue.Write(_field, ValueCodec<T>.Encode(value));
        }
    }

    /// <summary>Whether values of authors who had not seen each other's stand beside each other.</summary>
    public bool HasConflict => State?.Count > 1;

    /// <summary>All concurrent values, in canonical order: none before the first write, one while there is no conflict.</summary>
    public IReadOnlyList<ConcurrentValue<T>> Values => RegisterValue.ReadAll<T>(State);

    private RegisterState? State => _field.Find<RegisterState>(CrdtKind.Register);

    /// <inheritdoc/>
    public override string ToString() => Value?.ToString() ?? "";
}
