using System.Globalization;
using Edge.Sync.Documents;
using Edge.Sync.Projections;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Verification;

/// <summary>Compares rows of SQL with the documents that they show.</summary>
internal sealed class TableVerifier(VerifiedFile file) : IDisposable
{
    private readonly Dictionary<string, Table> _tables = [];

    /// <summary>Finds the tables that there are.</summary>
    public void Read()
    {
        using var command = file.Connection.CreateCommand();
        command.CommandText = "SELECT collection, definition FROM edge_projections";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var definition = ProjectionDefinition.Read(reader.GetString(0), reader.GetFieldValue<byte[]>(1));
            file.Try(VerificationSubject.Table, () =>
            {
                var select = file.Connection.CreateCommand();
                select.CommandText = $"SELECT {SqlName.Id}{string.Concat(definition.Fields.Select(static f => ", " + SqlName.Quote(f.Name)))}{(Table.HasRestOf(definition) ? $", {SqlName.Rest}" : "")} FROM {SqlName.Quote(definition.Collection)} WHERE {SqlName.Row} = $1";
                select.Parameters.Add(new() { ParameterName = "$1" });
                select.Prepare();
                _tables.Add(definition.Collection, new(definition, select));
            });
        }
    }

    /// <summary>Compares the row of a document that exists.</summary>
    public void Verify(long row, DocumentState state)
    {
        if (!_tables.TryGetValue(state.Collection, out var table)) return;
        table.RowCount++;
        file.Report.RowCount++;
        table.Select.Parameters[0].Value = row;
        using var reader = table.Select.ExecuteReader();
        if (!reader.Read())
        {
            file.Report.Add(VerificationSubject.Table, $"table {table.Definition.Collection} lacks {state.Id}");
            return;
        }
        if (reader.GetString(0) != state.Id.ToString()) file.Report.Add(VerificationSubject.Table, $"row {row} of table {table.Definition.Collection} is {reader.GetString(0)}, not {state.Id}");
        for (var i = 0; i < table.Definition.Fields.Count; i++)
        {
            var field = table.Definition.Fields[i];
            // What the app's own rules and lenses make of a document, only the app can say; and what stays on the device, no log.
            if (field.IsRuled || field.IsLocal || field.IsLensed) continue;
            var expected = new ProjectionColumn(field.Name, field, IsMarks: false).ValueIn(state);
            if (!expected.Equals(reader.GetValue(i + 1))) file.Report.Add(VerificationSubject.Table, $"{field.Name} of {state.Key} is '{Show(reader.GetValue(i + 1))}' in its table, not '{Show(expected)}'");
        }
        if (!table.HasRest) return;
        var rest = ColumnRest.Of(table.Definition.Fields, state, null);
        if (!(reader.GetValue(table.Definition.Fields.Count + 1) as byte[]).AsSpan().SequenceEqual(rest)) file.Report.Add(VerificationSubject.Table, $"what the columns of {state.Key} lack is not beside them");
    }

    /// <summary>Counts the row of a document that is not compared, where it is there.</summary>
    public void Count(string collection, long row)
    {
        if (_tables.TryGetValue(collection, out var table)) table.CountRow(row);
    }

    /// <summary>Notes tables that have more rows, or fewer, than were met.</summary>
    public void VerifyCounts()
    {
        foreach (var table in _tables.Values)
        {
            var rows = (long)file.Scalar($"SELECT count(*) FROM {SqlName.Quote(table.Definition.Collection)}")!;
            if (rows != table.RowCount) file.Report.Add(VerificationSubject.Table, $"table {table.Definition.Collection} has {rows} rows, {table.RowCount} documents exist");
        }
    }

    public void Dispose()
    {
        foreach (var table in _tables.Values)
            table.Select.Dispose();
    }

    private static string Show(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 80 } text ? text[..80] + "…" : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private sealed class Table(ProjectionDefinition definition, SqliteCommand select)
    {
        public ProjectionDefinition Definition => definition;
        public SqliteCommand Select => select;

        /// <summary>What stays on the device is beside the columns too, of which the log knows nothing.</summary>
        public bool HasRest { get; } = HasRestOf(definition);

        public static bool HasRestOf(ProjectionDefinition definition) => definition is { HasRest: true, HasLocalFields: false };

        public long RowCount { get; set; }

        /// <summary>Counts a row that is not compared, where it is there.</summary>
        public void CountRow(long row)
        {
            select.Parameters[0].Value = row;
            using var reader = select.ExecuteReader();
            if (reader.Read()) RowCount++;
        }
    }
}
