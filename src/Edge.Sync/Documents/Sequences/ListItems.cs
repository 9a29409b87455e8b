using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>What the elements of a list are in the app, and in the list's state.</summary>
internal abstract class ListItems<T>
{
    /// <summary>The element whose value in the list is <paramref name="value"/>.</summary>
    public abstract T Read(Field list, ValueBytes value);

    /// <summary>Throws where <paramref name="item"/> cannot be an element; nothing has been written yet.</summary>
    public virtual void Check(T item) => ArgumentNullException.ThrowIfNull(item);

    /// <summary>The value of a new element, whose name is <paramref name="dot"/>.</summary>
    public abstract ValueBytes Encode(T item, Dot dot, HybridTimestamp stamp);

    /// <summary>Writes what a new element holds beside its value in the list, which is there by now.</summary>
    public virtual void Fill(Field list, ValueBytes value, T item) { }
}

/// <summary>Plain values: the list holds them itself.</summary>
internal sealed class ListValues<T> : ListItems<T>
{
    public static ListValues<T> Instance { get; } = new();

    public override T Read(Field list, ValueBytes value) => ValueCodec<T>.TryDecode(value, out var item) && item is not null ? item : DefaultValue<T>.Value;

    public override ValueBytes Encode(T item, Dot dot, HybridTimestamp stamp) => ValueCodec<T>.Encode(item);
}
