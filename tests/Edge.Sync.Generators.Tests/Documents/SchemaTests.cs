using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Wire;

namespace Edge.Sync.Generators.Tests.Documents;

public class SchemaTests
{
    private static DocumentSchema SchemaOf<T>() where T : class, IEdgeDocument<T> => T.Schema;

    private static T Attach<T>(FieldStore store) where T : class, IEdgeDocument<T> => T.Attach(store);

    [Fact]
    public void Schema_lists_the_fields_in_the_order_of_their_declaration()
    {
        var schema = SchemaOf<Job>();
        Assert.Equal("job", schema.Collection);
        Assert.Equal(
            [
                new FieldDefinition("Title", "Title", new(CrdtKind.Register, ColumnType.Text), false) { Use = ColumnUse.All },
                new FieldDefinition("Done", "Done", new(CrdtKind.Register, ColumnType.Integer), false) { Use = ColumnUse.All },
                new FieldDefinition("Minutes", "Minutes", new(CrdtKind.Counter, ColumnType.Integer), false) { Use = ColumnUse.All },
                new FieldDefinition("Parts", "Parts", new(CrdtKind.Set, ColumnType.JsonArray) { Element = ColumnType.Text }, false) { Use = ColumnUse.All },
                new FieldDefinition("Notes", "Notes", new(CrdtKind.Text, ColumnType.Text), false) { Use = ColumnUse.Value },
            ],
            schema.Fields);
    }

    [Theory]
    [InlineData("Title", false)]
    [InlineData("Remark", true)]
    [InlineData("Rank", true)]
    [InlineData("Due", true)]
    [InlineData("Asked", true)]
    [InlineData("Crew", false)]
    public void Schema_knows_which_registers_may_be_null(string property, bool nullable) =>
        Assert.Equal(nullable, SchemaOf<WorkOrder>().FindProperty(property)?.IsNullable);

    [Fact]
    public void Initializer_is_what_the_column_shows_before_a_value_arrives()
    {
        var site = SchemaOf<WorkOrder>().FindProperty("Site")!;
        Assert.True(ValueCodec<string>.TryDecode(site.InitialValue!.Value, out var value));
        Assert.Equal("Depot", value);
        Assert.Null(SchemaOf<WorkOrder>().FindProperty("Title")!.InitialValue);
    }

    [Fact]
    public void Pinned_name_is_the_name_on_the_wire() => Assert.Equal("machine", SchemaOf<WorkOrder>().FindProperty("Asset")?.Name);

    [Fact]
    public void Attached_snapshot_reads_the_store_and_its_id_and_refuses_writes()
    {
        var author = new WorkOrder { Title = "Replace pump", Crew = 5 };
        var written = ((IEdgeDocument<WorkOrder>)author).Store.State;
        var id = DocumentId.Named("order-1");
        var state = new DocumentState(id, "work-order");
        foreach (var ((field, kind), value) in written.Fields)
            state.GetOrAdd(field, kind).Join(((RegisterState)value).Set(new(default, field), Winner(value)), default);

        var snapshot = Attach<WorkOrder>(FieldStore.Snapshot(SchemaOf<WorkOrder>(), state));
        Assert.Equal(id, snapshot.Id);
        Assert.Equal("Replace pump", snapshot.Title);
        Assert.Equal(5, snapshot.Crew);
        Assert.Equal("Depot", snapshot.Site);
        Assert.Contains("EditAsync", Assert.Throws<InvalidOperationException>(() => snapshot.Title = "y").Message);
        Assert.Throws<InvalidOperationException>(() => snapshot.Seen.Add(Urgency.Low));
    }

    [Fact]
    public void Containers_are_made_once()
    {
        var job = new Job();
        Assert.Same(job.Parts, job.Parts);
        Assert.Same(job.Notes, job.Notes);
    }

    private static ValueBytes Winner(CrdtState state) => ((RegisterState)state).TryGetWinner(out var bytes) ? bytes : default;

    [Fact]
    public void Schema_says_what_the_attribute_says_of_forgetting()
    {
        Assert.True(SchemaOf<Visitor>().IsForgettable);
        Assert.False(SchemaOf<WorkOrder>().IsForgettable);
    }
}

/// <summary>A document of one person.</summary>
[EdgeDocument("visitor", Forgettable = true)]
public partial class Visitor
{
    public partial string Name { get; set; }
}
