namespace Edge.Sync.Generators.Tests.Documents;

public class RegisterTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.FromHours(2));

    [Fact]
    public void Registers_read_defaults_before_a_value_arrives()
    {
        var order = new WorkOrder { Title = "x" };
        Assert.Null(order.Remark);
        Assert.False(order.Done);
        Assert.Equal(0, order.Grade);
        Assert.Equal(0, order.Shelf);
        Assert.Equal(0, order.Serial);
        Assert.Equal(0, order.Load);
        Assert.Equal(0, order.Pressure);
        Assert.Equal(0, order.Price);
        Assert.Equal(Guid.Empty, order.Key);
        Assert.Equal(default, order.Opened);
        Assert.Equal(default, order.Pump);
        Assert.Null(order.Rank);
        Assert.Null(order.Due);
        Assert.Null(order.Asked);
        Assert.Equal("", order.Author);
        Assert.Equal("", order.Asset);
        Assert.Empty(order.Seen);
    }

    [Fact]
    public void Initializer_is_what_a_field_reads_as_before_a_value_arrives()
    {
        var order = new WorkOrder { Title = "x" };
        Assert.Equal("Depot", order.Site);
        Assert.Equal(2, order.Crew);
        Assert.Equal(Urgency.Normal, order.Urgency);
    }

    [Fact]
    public void Initializer_gives_way_to_a_value_even_if_that_is_the_types_default()
    {
        var order = new WorkOrder { Title = "x", Site = "", Crew = 0, Urgency = Urgency.Low };
        Assert.Equal("", order.Site);
        Assert.Equal(0, order.Crew);
        Assert.Equal(Urgency.Low, order.Urgency);
    }

    [Fact]
    public void Initializer_writes_nothing()
    {
        var store = ((IEdgeDocument<WorkOrder>)new WorkOrder { Title = "x" }).Store;
        Assert.Equal(["Title"], store.Schema.Fields.Where(f => store.State.Find(f.Id, f.Kind) is not null).Select(f => f.Name));
    }

    [Fact]
    public void Registers_read_back_what_was_written()
    {
        var (key, pump) = (new Guid("00112233-4455-6677-8899-aabbccddeeff"), DocumentId.Named("pump-7"));
        var order = new WorkOrder
        {
            Title = "x",
            Remark = "wet",
            Done = true,
            Grade = 255,
            Shelf = -3,
            Serial = long.MinValue,
            Load = 1.5f,
            Pressure = -2.25,
            Price = 1.50m,
            Key = key,
            Opened = s_noon,
            Pump = pump,
            Rank = 0,
            Due = s_noon,
            Asked = Urgency.High,
            Author = "alice",
            Asset = "press",
            Seen = { Urgency.High, Urgency.Low },
        };
        Assert.Equal("wet", order.Remark);
        Assert.True(order.Done);
        Assert.Equal(255, order.Grade);
        Assert.Equal(-3, order.Shelf);
        Assert.Equal(long.MinValue, order.Serial);
        Assert.Equal(1.5f, order.Load);
        Assert.Equal(-2.25, order.Pressure);
        Assert.Equal(1.50m, order.Price);
        Assert.Equal(key, order.Key);
        Assert.Equal(s_noon, order.Opened);
        Assert.Equal(pump, order.Pump);
        Assert.Equal(0, order.Rank);
        Assert.Equal(s_noon, order.Due);
        Assert.Equal(Urgency.High, order.Asked);
        Assert.Equal("alice", order.Author);
        Assert.Equal("press", order.Asset);
        Assert.Equal([Urgency.Low, Urgency.High], order.Seen);
    }

    [Fact]
    public void Nullable_register_reads_null_again_after_null_was_written()
    {
        var order = new WorkOrder { Title = "x", Remark = "wet", Rank = 3, Due = s_noon };
        (order.Remark, order.Rank, order.Due) = (null, null, null);
        Assert.Null(order.Remark);
        Assert.Null(order.Rank);
        Assert.Null(order.Due);
    }

    [Fact]
    public void Private_setter_writes_the_field()
    {
        var order = new WorkOrder { Title = "x" };
        Assert.False(order.Approved);
        order.Approve();
        Assert.True(order.Approved);
    }
}
