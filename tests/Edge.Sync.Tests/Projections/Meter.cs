namespace Edge.Sync.Tests.Projections;

/// <summary>A document with the values that SQL and C# see differently.</summary>
[EdgeDocument("meter")]
public partial class Meter
{
    public partial double Level { get; set; }
    public partial float? Drift { get; set; }
    public partial decimal Price { get; set; }
    public partial Strength Strength { get; set; }
    public partial string? Label { get; set; }
    public partial int Number { get; set; }
    public partial ReplicatedSet<DateTimeOffset> Times { get; }
    public partial ReplicatedSet<double> Levels { get; }
}

/// <summary>A collection whose name differs in case only, as one of another assembly may: in one assembly the generator refuses it.</summary>
public sealed class CapitalMeter : IEdgeDocument<CapitalMeter>
{
    private readonly FieldStore _store;

    private CapitalMeter(FieldStore store) => _store = store;

    public CapitalMeter() => _store = FieldStore.Detached(Schema);

    public static DocumentSchema Schema { get; } = DocumentSchema.For("Meter").Register<string>("Name", "Name").Build();

    public DocumentId Id => _store.Id;

    FieldStore IEdgeDocument<CapitalMeter>.Store => _store;

    public string Name
    {
        get => _store.Get<string>(0, "");
        set => _store.Set(0, value);
    }

    static CapitalMeter IEdgeDocument<CapitalMeter>.Attach(FieldStore store) => new(store);
}

public enum Strength : byte
{
    None,
    Strong = 200,
}
