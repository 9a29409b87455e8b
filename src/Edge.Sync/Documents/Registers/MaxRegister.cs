using System.ComponentModel;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>The greatest value ever written: a peak, a high-water mark. It only rises.</summary>
/// <typeparam name="T">byte, short, int, long, float, double, string, DateTimeOffset or an enum (not of ulong).</typeparam>
/// <remarks>On concurrent edits: Alice writes 80 and Bob, offline, writes 75 a minute later: everyone reads 80. Clocks play no part. Text compares by code point, times by their moment.</remarks>
public sealed class MaxRegister<T> : INotifyPropertyChanged, ILiveContainer
{
    private readonly Field _field;
    private PropertyChangedEventHandler? _changed;

    internal MaxRegister(Field field) => _field = field;

    /// <summary>Raised while the document is live, after a change of the value.</summary>
    event PropertyChangedEventHandler? INotifyPropertyChanged.PropertyChanged { add => _changed += value; remove => _changed -= value; }

    Exception? ILiveContainer.RaiseChanged() => Handlers.Call(_changed, this, Handlers.Value);

    /// <summary>Whether anything was written yet.</summary>
    public bool HasValue => ExtremeValue.TryRead<T>(_field, CrdtKind.MaxRegister, out _);

    /// <summary>The greatest value; the type's default, or "", before the first.</summary>
    public T Value => ExtremeValue.TryRead<T>(_field, CrdtKind.MaxRegister, out var value) ? value : DefaultValue<T>.Value;

    /// <summary>Writes <paramref name="value"/> where it is above the present one, or the first. Else returns false and writes nothing, as for NaN.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public bool Reach(T value) => ExtremeValue.Reach(_field, CrdtKind.MaxRegister, value);

    /// <inheritdoc/>
    public override string ToString() => Value?.ToString() ?? "";
}
