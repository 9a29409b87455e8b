using System.Collections;

namespace Edge.Sync;

/// <summary>What UI frameworks ask a list for: items by index, without a copy of all.</summary>
public sealed partial class LiveList<T> : IList
{
    bool IList.IsFixedSize => false;

    bool IList.IsReadOnly => true;

    bool ICollection.IsSynchronized => false;

    object ICollection.SyncRoot => this;

    object? IList.this[int index] { get => this[index]; set => throw ReadOnly(); }

    int IList.Add(object? value) => throw ReadOnly();

    void IList.Clear() => throw ReadOnly();

    bool IList.Contains(object? value) => ((IList)this).IndexOf(value) >= 0;

    int IList.IndexOf(object? value)
    {
        using (Guard()) return value is T item ? _list.IndexOf(item) : -1;
    }

    void IList.Insert(int index, object? value) => throw ReadOnly();

    void IList.Remove(object? value) => throw ReadOnly();

    void IList.RemoveAt(int index) => throw ReadOnly();

    void ICollection.CopyTo(Array array, int index)
    {
        using (Guard()) ((ICollection)_list).CopyTo(array, index);
    }

    private static NotSupportedException ReadOnly() => new("A live list shows what a query holds. Add, edit or delete documents with db.Documents<T>().");
}
