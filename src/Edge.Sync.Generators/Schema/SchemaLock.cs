using System.Collections.Immutable;
using Edge.Sync.Generators.Diagnostics;
using Edge.Sync.Generators.Documents;
using Edge.Sync.Generators.Events;
using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators.Schema;

/// <summary>ES0005: holds the document classes of a project to its lock file.</summary>
internal static class SchemaLock
{
    private const string Cure = "see docs/analyzers/ES0005.md";

    public static IEnumerable<Diagnostic> Check(string text, string path, ImmutableArray<CollectionName> places, ImmutableArray<DocumentModel?> models, ImmutableArray<EventModel?> events)
    {
        LockFile file;
        string? wrong = null;
        try { file = LockFile.Parse(text); }
        catch (FormatException e) { (file, wrong) = (LockFile.Parse("{}"), e.Message); }
        if (wrong is not null)
        {
            yield return Report(DiagnosticSeverity.Error, null, $"The schema lock file '{path}' cannot be read ({wrong}); write it anew with 'edge-sync schema'");
            yield break;
        }

        var classes = new Dictionary<string, (string Class, Dictionary<string, string> Lines)>();
        foreach (var model in models)
        {
            if (model is null || model.IsObject) continue;
            if (!classes.TryGetValue(model.Collection, out var known)) classes.Add(model.Collection, known = (model.Name, []));
            // Two classes of one collection are two views of the same documents: together they must have what is locked.
            foreach (var line in model.Schema)
                known.Lines[line.Path] = line.Type;
        }
        foreach (var model in events)
        {
            if (model is null) continue;
            if (!classes.TryGetValue(model.Collection, out var known)) classes.Add(model.Collection, known = (model.Name, []));
            foreach (var line in model.Schema)
                known.Lines[line.Path] = line.Type;
        }
        foreach (var collection in file.Collections.OrderBy(static c => c.Key, StringComparer.Ordinal))
        {
            if (!classes.TryGetValue(collection.Key, out var now))
            {
                if (collection.Value.Values.Any(static type => !IsRetired(type)))
                    yield return Report(DiagnosticSeverity.Error, null, $"No class has collection '{collection.Key}' of the schema lock file any more, and devices go on writing to it; bring it back, or retire its fields in {LockFile.Name}: {Cure}");
                continue;
            }
            foreach (var line in collection.Value.OrderBy(static l => l.Key, StringComparer.Ordinal))
                if (Compare(collection.Key, line.Key, line.Value, now.Lines) is { } broken)
                    yield return Report(DiagnosticSeverity.Error, PlaceOf(collection.Key, places), broken);
        }
        foreach (var now in classes.OrderBy(static c => c.Key, StringComparer.Ordinal))
        {
            file.Collections.TryGetValue(now.Key, out var locked);
            var added = now.Value.Lines.Keys.Where(line => locked is null || !locked.ContainsKey(line)).OrderBy(static line => line, StringComparer.Ordinal).ToList();
            if (added.Count > 0)
                yield return Report(DiagnosticSeverity.Warning, PlaceOf(now.Key, places), $"The schema lock file does not know {string.Join(", ", added.Select(static line => $"'{line}'"))} of collection '{now.Key}'; write it anew with 'edge-sync schema', so that they are kept from now on");
        }
    }

    private static string? Compare(string collection, string path, string locked, Dictionary<string, string> lines)
    {
        var isRetired = IsRetired(locked);
        var type = isRetired ? locked.Substring(LockFile.Retired.Length) : locked;
        if (!lines.TryGetValue(path, out var now))
            return isRetired ? null : $"Field '{path}' of collection '{collection}' is gone, and devices go on writing to it; rename its property with [Field(\"{path}\")], or retire it in {LockFile.Name}: {Cure}";
        if (now == type) return null;
        return isRetired
            ? $"Field '{path}' of collection '{collection}' was retired as '{type}', and old documents still hold such values; give the new property another name on the wire with [Field(\"…\")]: {Cure}"
            : $"Field '{path}' of collection '{collection}' was '{type}' on the wire and is '{now}' now: neither version would read what the other writes; take another name, and read the old one with [Lens<TLens>(\"{path}\")]: {Cure}";
    }

    private static bool IsRetired(string type) => type.StartsWith(LockFile.Retired, StringComparison.Ordinal);

    private static DiagnosticInfo? PlaceOf(string collection, ImmutableArray<CollectionName> places)
    {
        foreach (var place in places)
            if (place.Collection == collection) return place.Place;
        return null;
    }

    private static Diagnostic Report(DiagnosticSeverity severity, DiagnosticInfo? place, string message) =>
        Diagnostic.Create(Descriptors.Schema, place is null ? Location.None : Location.Create(place.FilePath, place.Span, place.Lines), severity, null, null, message);
}
