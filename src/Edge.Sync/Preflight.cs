using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Machines;
using Edge.Sync.Projections;
using Edge.Sync.Storage;
using Edge.Sync.Trust.Content;
using MessagePack;
using Microsoft.Data.Sqlite;

namespace Edge.Sync;

/// <summary>Reads a real log with the eyes of another version of the app: what of it would that version not read? Reads only, so the file may be in use.</summary>
internal sealed class Preflight
{
    private readonly LockedSchema _schema;
    private readonly Dictionary<string, Dictionary<uint, string>> _fields = [];
    private readonly Dictionary<(string Collection, uint Field), string> _names = [];
    private readonly Dictionary<(string Collection, string Path, string Found), Tally> _tallies = [];
    private long _changeCount, _sectionCount, _voidCount;

    private Preflight(LockedSchema schema)
    {
        _schema = schema;
        foreach (var (collection, lines) in schema.Collections)
        {
            var fields = _fields[collection] = [];
            foreach (var path in lines.Keys)
                if (!path.AsSpan().ContainsAny(".[{")) fields[FieldDefinition.HashOf(path)] = path;
        }
    }

    /// <exception cref="EdgeStorageException">The file cannot be read.</exception>
    public static PreflightReport Run(string path, LockedSchema schema) => ReadOnlyFile.Use(path, connection =>
    {
        var preflight = new Preflight(schema);
        preflight.ReadNames(connection);
        using var snapshot = connection.BeginTransaction(deferred: true);
        using var log = new LogReader(connection);
        foreach (var stored in log.ReadAfter(0))
            preflight.Read(Change.ParseStored(stored.Bytes));
        return preflight.Report();
    });

    /// <summary>The lock file's name of a kind.</summary>
    public static string NameOf(CrdtKind kind) => kind switch
    {
        CrdtKind.RichText => "rich-text",
        CrdtKind.GrowCounter => "grow-counter",
        CrdtKind.BoundedCounter => "bounded-counter",
        CrdtKind.MaxRegister => "max-register",
        CrdtKind.MinRegister => "min-register",
        CrdtKind.EnableWinsFlag => "enable-wins-flag",
        CrdtKind.DisableWinsFlag => "disable-wins-flag",
        CrdtKind.GrowSet => "grow-set",
        CrdtKind.RemoveWinsSet => "remove-wins-set",
        CrdtKind.EventLog => "event-log",
        _ => kind.ToString().ToLowerInvariant(),
    };

    // The file knows the names of fields that a class has had here; on the wire there are hashes only.
    private void ReadNames(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT collection, definition FROM edge_projections";
        using var reader = command.ExecuteReader();
        while (reader.Read())
            foreach (var field in ProjectionDefinition.Read(reader.GetString(0), reader.GetFieldValue<byte[]>(1)).Fields)
                _names[(reader.GetString(0), field.Id)] = field.Name;
    }

    private void Read(Change change)
    {
        _changeCount++;
        foreach (var bytes in ChangeCodec.ReadSections(change.Body))
        {
            DocumentSection? section;
            try { section = DocumentSection.Read(bytes, new(change.Header.Replica, change.Header.First), change.Header.Count, NoKeys.Instance); }
            catch (EdgeDataException)
            {
                _voidCount++;
                continue;
            }
            if (section is null) continue;
            _sectionCount++;
            if (section.Key.Collection == ClaimedName.Collection) continue;
            if (!_fields.TryGetValue(section.Key.Collection, out var fields))
            {
                Note(section.Key, change, "", "a collection that the schema does not have", null);
                continue;
            }
            foreach (var (id, delta) in section.Operations)
            {
                if (delta.Kind == CrdtKind.Existence) continue;
                if (id == EventValue.FieldId && delta is EventLogDelta item)
                {
                    CheckEvent(section.Key, change, item.Value, fields);
                    continue;
                }
                var path = fields.GetValueOrDefault(id) ?? _names.GetValueOrDefault((section.Key.Collection, id)) ?? $"#{id:x8}";
                Check(section.Key, change, path, delta);
            }
        }
    }

    private void Check(DocumentKey key, Change change, string path, Delta delta)
    {
        var expected = _schema.Collections[key.Collection].GetValueOrDefault(path);
        var kind = NameOf(delta.Kind);
        if (expected is null || expected.StartsWith(LockedSchema.Retired, StringComparison.Ordinal))
        {
            Note(key, change, path, kind, expected);
            return;
        }
        var parts = expected.Split(' ');
        if (delta is MapDelta map)
        {
            if (parts is ["object"]) CheckMember(key, change, path, map);
            else if (parts is ["list", "object"]) CheckElement(key, change, path, map);
            else if (parts is not ["map", ..]) Note(key, change, path, kind, expected);
            else if (map.Nested is { } nested) Check(key, change, path + "{}", nested);
            return;
        }
        if (parts[0] != kind) Note(key, change, path, kind, expected);
        else if (parts is [_, var value] && value != "object" && FindOther(delta, value) is { } found) Note(key, change, path, $"{kind} {found}", expected);
    }

    private void CheckEvent(DocumentKey key, Change change, ValueBytes item, Dictionary<uint, string> names)
    {
        if (EventValue.ReadId(item.Memory) is not { } id)
        {
            Note(key, change, "", "a value that is no event", null);
            return;
        }
        var lines = _schema.Collections[key.Collection];
        var path = names.GetValueOrDefault(id) ?? $"#{id:x8}";
        if (lines.GetValueOrDefault(path) is not "event")
        {
            Note(key, change, path, "event", lines.GetValueOrDefault(path));
            return;
        }
        foreach (var (member, value) in EventValue.ReadMembers(item.Memory))
        {
            var name = lines.Keys.FirstOrDefault(line => line.StartsWith(path + ".", StringComparison.Ordinal) && FieldDefinition.HashOf(line[(path.Length + 1)..]) == member) ?? $"{path}.#{member:x8}";
            if (ClassOf(value) is { } found && found != lines.GetValueOrDefault(name)) Note(key, change, name, found, lines.GetValueOrDefault(name));
        }
    }

    private void CheckMember(DocumentKey key, Change change, string path, MapDelta map)
    {
        if (map.Nested is { } nested && ValueCodec<string>.TryDecode(map.Key, out var name) && name is not null) Check(key, change, $"{path}.{name}", nested);
    }

    private void CheckElement(DocumentKey key, Change change, string path, MapDelta map)
    {
        if (map.Nested is MapDelta inner) CheckMember(key, change, path + "[]", inner);
    }

    /// <summary>What a value is that is not what is expected; null where all are.</summary>
    private static string? FindOther(Delta delta, string expected)
    {
        foreach (var value in ValuesOf(delta))
            if (ClassOf(value) is { } found && found != expected) return found;
        return null;
    }

    private static ValueBytes[] ValuesOf(Delta delta) => delta switch
    {
        RegisterDelta { IsClearing: false } register => [register.Value],
        ExtremeDelta extreme => [extreme.Value],
        SetDelta set => [set.Element],
        GrowSetDelta set => [set.Element],
        EventLogDelta log => [log.Value],
        ListDelta list => list.Values.ToArray(),
        _ => [],
    };

    /// <summary>The lock file's name of a value; null for nil, which all may be.</summary>
    private static string? ClassOf(ValueBytes value) => MessagePackCode.ToMessagePackType(value.Span[0]) switch
    {
        MessagePackType.Nil => null,
        MessagePackType.Boolean => "boolean",
        MessagePackType.Integer => "integer",
        MessagePackType.Float => "real",
        MessagePackType.String => "text",
        MessagePackType.Binary => "guid",
        _ => ValueCodec<DateTimeOffset>.TryDecode(value, out _) ? "time" : ValueCodec<decimal>.TryDecode(value, out _) ? "decimal" : "record",
    };

    private void Note(DocumentKey key, Change change, string path, string found, string? expected)
    {
        if (!_tallies.TryGetValue((key.Collection, path, found), out var tally)) _tallies.Add((key.Collection, path, found), tally = new(expected, key.Id));
        tally.OperationCount++;
        tally.Documents.Add(key.Id);
        tally.Last = change.Header.Timestamp.ToDateTimeOffset();
    }

    private PreflightReport Report() => new(_changeCount, _sectionCount, _voidCount, [.. _tallies
        .Select(static t => new PreflightFinding(t.Key.Collection, t.Key.Path, t.Key.Found, t.Value.Expected, t.Value.OperationCount, t.Value.Documents.Count, t.Value.First, t.Value.Last))
        .OrderBy(static f => f.Collection, StringComparer.Ordinal).ThenBy(static f => f.Path, StringComparer.Ordinal).ThenBy(static f => f.Found, StringComparer.Ordinal)]);

    private sealed class Tally(string? expected, DocumentId first)
    {
        public string? Expected => expected;
        public DocumentId First => first;
        public long OperationCount { get; set; }
        public HashSet<DocumentId> Documents { get; } = [];
        public DateTimeOffset Last { get; set; }
    }
}
