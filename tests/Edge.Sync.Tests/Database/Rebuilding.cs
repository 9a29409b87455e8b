using System.Globalization;
using System.Text.Json;
using Edge.Sync.Documents;
using Edge.Sync.Projections;
using Edge.Sync.Storage;

namespace Edge.Sync.Tests.Database;

/// <summary>Compares what a file holds with a fold of its whole log from nothing: stored states byte by byte, read models row by row.</summary>
internal static class Rebuilding
{
    public static async Task AssertEqualAsync(EdgeDatabase database)
    {
        var opened = await database.OpenedAsync(default);
        await opened.Writer.RunAloneAsync(replica => { AssertEqual(replica, ((SqliteStore)replica.Store).Path); return true; });
    }

    private static void AssertEqual(Replica replica, string path)
    {
        var rebuilt = replica.Rebuild();
        var stored = replica.ReadDocuments().ToDictionary(static row => row.Key, static row => row.State);
        Assert.Equal(rebuilt.Keys.Order(), stored.Keys.Order());
        foreach (var (key, state) in rebuilt)
        {
            Assert.Equal(DocumentCodec.Write(state), stored[key]);
            state.Existence.Check();
            foreach (var field in state.Fields.Select(static field => field.Value))
                field.Check();
        }
        foreach (var table in ReadDefinitions(path))
            AssertRows(table, [.. rebuilt.Values.Where(state => state.Collection == table.Collection && state.Existence.Exists)], path);
    }

    private static List<ProjectionDefinition> ReadDefinitions(string path)
    {
        using var connection = PlainSql.Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT collection, definition FROM edge_projections";
        using var reader = command.ExecuteReader();
        var tables = new List<ProjectionDefinition>();
        while (reader.Read())
            tables.Add(ProjectionDefinition.Read(reader.GetString(0), reader.GetFieldValue<byte[]>(1)));
        return tables;
    }

    private static void AssertRows(ProjectionDefinition table, DocumentState[] documents, string path)
    {
        var expected = documents.OrderBy(static document => document.Id)
            .Select(document => string.Join(" | ", table.Fields.Where(static field => field is { IsRuled: false, IsLocal: false, IsLensed: false }).Select(field => Show(new ProjectionColumn(field.Name, field, IsMarks: false).ValueIn(document))).Prepend(Show(document.Id.ToString())))).ToArray();
        using var connection = PlainSql.Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT id{string.Concat(table.Fields.Where(static field => field is { IsRuled: false, IsLocal: false, IsLensed: false }).Select(static field => $", \"{field.Name}\""))} FROM \"{table.Collection}\" ORDER BY id";
        using var reader = command.ExecuteReader();
        var actual = new List<string>();
        while (reader.Read())
            actual.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(column => Show(reader.GetValue(column)))));
        Assert.Equal(expected, actual);
    }

    private static string Show(object value) => value is DBNull ? "null" : JsonSerializer.Serialize(Convert.ToString(value, CultureInfo.InvariantCulture));
}
