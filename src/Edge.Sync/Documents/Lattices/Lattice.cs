using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>A value that merges by a rule of the app's own: the join of all that was ever written.</summary>
/// <typeparam name="T">What is joined.</typeparam>
/// <remarks>
/// On concurrent edits: Alice joins the reach 1 to 9 and Bob, offline, 0 to 5: everyone reads 0 to 9. Nothing loses, nothing can be taken back. A replica without the class keeps what
/// was written beside each other, and passes it on. In SQL it is a JSON object where <typeparamref name="T"/> is a record struct of plain values, else its text.
/// </remarks>
public sealed class Lattice<T> where T : ILattice<T>
{
    private readonly Field _field;

    internal Lattice(Field field) => _field = field;

    /// <summary>The join of all that was written; <see cref="ILattice{TSelf}.Bottom"/> before the first.</summary>
    public T Value => LatticeValue<T>.Read(State);

    private LatticeState? State => _field.Find<LatticeState>(CrdtKind.Lattice);

    /// <summary>Joins a value. Returns false, and writes nothing, where that changes nothing.</summary>
    /// <exception cref="ArgumentException">The joined value takes more than 1 MiB.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public bool Join(T value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var sink = _field.Writable();
        var before = Value;
        var joined = LatticeValue<T>.Encode(T.Join(before, value));
        if (LatticeValue<T>.Encode(before).Equals(joined)) return false;
        _field.Commit(sink, _field.FindOrNew<LatticeState>(CrdtKind.Lattice).Set(sink.Next, joined));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString() ?? "";
}
