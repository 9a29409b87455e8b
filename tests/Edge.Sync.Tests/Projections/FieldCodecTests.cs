using Edge.Sync.Documents;
using Edge.Sync.Projections;
using Edge.Sync.Tests.Documents.Types;
using MessagePack;

namespace Edge.Sync.Tests.Projections;

/// <summary>The stored form of a read model's columns.</summary>
public class FieldCodecTests
{
    [Fact]
    public void Columns_of_every_type_are_read_back()
    {
        var bytes = new ProjectionDefinition("plant", SchemaOf<Plant>().Fields).ToBytes();
        var read = ProjectionDefinition.Read("plant", bytes);
        Assert.Equal(bytes, read.ToBytes());
        Assert.Equal(SchemaOf<Plant>().Fields.Select(static f => (f.Name, f.Kind, f.Column, f.Shape.Element)), read.Fields.Select(static f => (f.Name, f.Kind, f.Column, f.Shape.Element)));
        var bins = read.Fields.Single(static f => f.Name == "Bins").Shape;
        Assert.Equal((ColumnType.Integer, ColumnType.Text, ColumnType.Integer), (bins.Element, bins.Value!.Element, bins.Value.Value!.Element));
        var address = read.Fields.Single(static f => f.Name == "Address").Shape.Fields!;
        Assert.Equal("Depot", ColumnValue.Of(address[0], null));
        Assert.Equal(["Latitude", "it's long", "Id"], address[^1].Shape.Fields!.Select(static f => f.Name));
    }

    [Fact]
    public void Columns_without_objects_and_maps_have_the_bytes_that_they_always_had() =>
        Assert.Equal(
            """["Title",1,0,0,false,null,"Done",1,1,1,false,null,"Due",1,3,3,true,null,"Priority",1,1,1,false,null,"Minutes",2,1,1,false,null,"Parts",3,6,0,false,null,"Notes",4,0,0,false,null]""",
            MessagePackSerializer.ConvertToJson(new ProjectionDefinition("job", SchemaOf<Job>().Fields).ToBytes()));

    [Fact]
    public void Damaged_columns_give_columns_or_one_clear_error()
    {
        var bytes = new ProjectionDefinition("plant", SchemaOf<Plant>().Fields).ToBytes();
        var random = new Random(1);
        var errors = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var damaged = i < bytes.Length ? bytes[..i] : bytes.ToArray();
            if (i >= bytes.Length) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try { ProjectionDefinition.Read("plant", damaged); }
            catch (EdgeDataException) { errors++; }
        }
        Assert.True(errors > bytes.Length, $"{errors}");
    }

    [Fact]
    public void Columns_without_end_are_refused()
    {
        // [ name, map, object, [ [ name, map, object, [ …
        byte[] bytes = [.. Enumerable.Repeat<byte[]>([0x96, 0xA1, (byte)'a', 15, 7, 0x91], 10_000).SelectMany(static b => b), .. new byte[60_000]];
        Assert.Contains("deep in each other", Assert.Throws<EdgeDataException>(() => ProjectionDefinition.Read("plant", bytes)).Message, StringComparison.Ordinal);
    }

    private static DocumentSchema SchemaOf<T>() where T : class, IEdgeDocument<T> => T.Schema;
}
