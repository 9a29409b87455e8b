namespace Edge.Sync.Crdts.RichText;

/// <summary>A mark operation and its place in the one order, in which the last one that covers a character wins.</summary>
internal sealed class Mark(CausalKey order, MarkOperation operation) : IComparable<Mark>
{
    public CausalKey Order => order;

    public MarkOperation Operation => operation;

    public Dot Dot => order.Dot;

    public string Key => operation.Key;

    public ValueBytes Value => operation.Value;

    public int CompareTo(Mark? other) => other is null ? 1 : order.CompareTo(other.Order);
}
