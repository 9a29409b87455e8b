using System.Collections;

namespace Edge.Sync.Live;

/// <summary>The values of a result's items, immutable as that is.</summary>
internal sealed class RowValues<T>(Row<T>[] rows) : IReadOnlyList<T>
{
    public int Count => rows.Length;

    public T this[int index] => rows[index].Value;

    public IEnumerator<T> GetEnumerator()
    {
        foreach (var row in rows) yield return row.Value;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
