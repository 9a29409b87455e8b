using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Projections;

public class PlainSqlTests
{
    [Fact]
    public async Task Table_of_a_collection_has_the_documented_columns()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Job>().CountAsync();
        await db.Documents<Gauge>().CountAsync();
        Assert.Equal(
            ["edge_row INTEGER", "id TEXT", "Title TEXT", "Done INTEGER", "Due TEXT", "Priority INTEGER", "Minutes INTEGER", "Parts TEXT", "Notes TEXT", "edge_rest BLOB"],
            Columns(folder["a.db"], "job"));
        Assert.Equal(
            ["edge_row INTEGER", "id TEXT", "Label TEXT", "Flag INTEGER", "MaybeFlag INTEGER", "Small INTEGER", "Middle INTEGER", "Whole INTEGER", "MaybeWhole INTEGER", "Big INTEGER", "Narrow REAL",
                "Real REAL", "MaybeReal REAL", "Price TEXT", "Key TEXT", "At TEXT", "Site TEXT", "Level INTEGER", "MaybeLevel INTEGER", "Wide INTEGER", "Numbers TEXT", "Levels TEXT", "Keys TEXT", "Reals TEXT", "edge_rest BLOB"],
            Columns(folder["a.db"], "gauge"));
    }

    [Fact]
    public async Task Row_of_a_document_has_its_values_while_the_database_is_open()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var id = DocumentId.Named("pump-7");
        await db.Documents<Job>().EditAsync(id, static job =>
        {
            job.Title = "Wörter \"😀\"";
            job.Done = true;
            job.Due = new(2026, 5, 1, 14, 30, 0, 123, TimeSpan.FromHours(2));
            job.Priority = Priority.High;
            job.Minutes.Add(45);
            job.Parts.Add("seal");
            job.Parts.Add("bolt \"M8\"");
            job.Parts.Add("😀");
            job.Notes.Append("two\nlines");
        });
        await db.Documents<Job>().EditAsync(DocumentId.Named("empty"), static _ => { });
        Assert.Equal(
            [id.ToString(), "Wörter \"😀\"", 1L, "2026-05-01T12:30:00.1230000Z", 2L, 45L, """["bolt \"M8\"","seal","\uD83D\uDE00"]""", "two\nlines"],
            Row(folder["a.db"], $"SELECT id, Title, Done, Due, Priority, Minutes, Parts, Notes FROM job WHERE id = '{id}'"));
        Assert.Equal(["", 0L, DBNull.Value, 0L, 0L, "[]", ""], Row(folder["a.db"], "SELECT Title, Done, Due, Priority, Minutes, Parts, Notes FROM job WHERE Title = ''"));
        Assert.Equal("😀", PlainSql.Scalar(folder["a.db"], "SELECT value FROM job, json_each(job.Parts) WHERE value > 'z'"));
        Assert.Equal("seal", PlainSql.Scalar(folder["a.db"], "SELECT value FROM job, json_each(job.Parts) WHERE value LIKE 's%'"));
    }

    [Fact]
    public async Task Columns_of_each_type_hold_readable_values()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Gauge>().AddAsync(new Gauge
        {
            Small = 200,
            Middle = -3,
            Whole = 7,
            Big = long.MinValue,
            Narrow = 0.5f,
            Real = 1.25,
            Price = 10.50m,
            Key = new("00112233-4455-6677-8899-aabbccddeeff"),
            At = new(2026, 1, 1, 0, 0, 0, TimeSpan.FromHours(-5)),
            Site = DocumentId.Named("yard"),
            Level = Level.Over,
            Wide = Wide.Many,
            Numbers = { 10, 9, -1 },
            Levels = { Level.Over },
            Keys = { new("00112233-4455-6677-8899-aabbccddeeff") },
            Reals = { 0.5, double.NaN, 1e300 },
        });
        Assert.Equal(
            [DBNull.Value, 200L, -3L, 7L, DBNull.Value, long.MinValue, 0.5, 1.25, "10.5", "00112233445566778899aabbccddeeff", "2026-01-01T05:00:00.0000000Z", DocumentId.Named("yard").ToString(), 200L, 1L << 40,
                "[-1,9,10]", "[200]", """["00112233445566778899aabbccddeeff"]""", """["NaN",0.5,1E+300]"""],
            Row(folder["a.db"], "SELECT Label, Small, Middle, Whole, MaybeWhole, Big, Narrow, Real, Price, Key, At, Site, Level, Wide, Numbers, Levels, Keys, Reals FROM gauge"));
    }

    private static List<string> Columns(string path, string table)
    {
        using var connection = PlainSql.Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT name || ' ' || type FROM pragma_table_info('{table}')";
        using var reader = command.ExecuteReader();
        var columns = new List<string>();
        while (reader.Read())
            columns.Add(reader.GetString(0));
        return columns;
    }

    private static object[] Row(string path, string sql)
    {
        using var connection = PlainSql.Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        var values = new object[reader.FieldCount];
        reader.GetValues(values);
        Assert.False(reader.Read());
        return values;
    }
}
