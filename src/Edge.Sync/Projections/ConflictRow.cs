using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Machines;

namespace Edge.Sync.Projections;

/// <summary>A value, a deletion or an edit that lost, as a document's state tells it.</summary>
/// <param name="Rule">What decided.</param>
/// <param name="FieldId">The field; 0 where it is about the document's existence.</param>
/// <param name="Path">The keys of maps that lead to it, outermost first.</param>
/// <param name="Dot">The operation that lost.</param>
/// <param name="Stamp">When that was written; of an edit that lost to a deletion, when the deletion was.</param>
/// <param name="Lost">The value that lost; null where it is about existence.</param>
/// <param name="Shown">The value that is shown instead.</param>
internal sealed record ConflictRow(ConflictRule Rule, uint FieldId, ValueBytes[] Path, Dot Dot, HybridTimestamp Stamp, ValueBytes? Lost, ValueBytes? Shown)
{
    /// <summary>All conflicts of a document, from its state alone: so they are the same on every replica, and can be made again at any time.</summary>
    /// <param name="document">The document.</param>
    /// <param name="fields">Its class, whose own rules decide what is shown; null where none is known: the latest value is shown then.</param>
    public static List<ConflictRow> Of(DocumentState document, IReadOnlyList<FieldDefinition>? fields)
    {
        if (document.Collection == ClaimedName.Collection) return [.. ClaimedName.FindLosers(document).Select(Of)];
        var rows = new List<ConflictRow>();
        var existence = document.Existence;
        if (existence.Deletions.Length > 0) AddExistence(rows, existence);
        if (!existence.Exists) return rows;
        foreach (var ((field, _), state) in document.Fields)
        {
            var shape = fields?.FirstOrDefault(known => known.Id == field)?.Shape;
            if (state is MapState objects && document.Find(field, CrdtKind.List) is ListState list) AddElements(rows, field, list, objects, shape?.Value);
            else AddField(rows, field, [], state, shape);
        }
        return rows;
    }

    /// <summary>Of a name that two have. The row lies under the document that stands for the name; its path is the collection and the document that lost.</summary>
    private static ConflictRow Of(LostName lost) => new(ConflictRule.NameTaken, lost.Field, [ValueCodec<string>.Encode(lost.Collection), ValueCodec<DocumentId>.Encode(lost.Loser)],
        lost.Dot, lost.Stamp, ValueCodec<string>.Encode(lost.Name), ValueCodec<DocumentId>.Encode(lost.Bearer));

    /// <summary>The document that lost a name; null where the row is about something else.</summary>
    public LostName? ToLostName() =>
        Rule == ConflictRule.NameTaken && Path is [var collection, var loser] && Lost is { } lost && Shown is { } shown
        && ValueCodec<string>.TryDecode(collection, out var name) && ValueCodec<DocumentId>.TryDecode(loser, out var id) && ValueCodec<string>.TryDecode(lost, out var value) && ValueCodec<DocumentId>.TryDecode(shown, out var bearer)
            ? new(name!, id, FieldId, value!, bearer, Dot, Stamp) : null;

    // What deleted elements hold is not shown, so that nothing of it can lose.
    private static void AddElements(List<ConflictRow> rows, uint field, ListState list, MapState objects, FieldShape? shape)
    {
        foreach (var key in list.ToArray().Distinct())
            foreach (var state in objects.Under(key))
                AddField(rows, field, [key], state, shape);
    }

    /// <summary>Whether there may be any, in a document that has none yet but in the fields that were touched. Costs next to nothing, since it is asked at every commit.</summary>
    public static bool MayHave(DocumentState document)
    {
        if (document.Existence.Deletions.Length > 0 || document.HasAppeared || document.Touched is not { } touched) return true;
        for (var i = 0; i < touched.Count; i++)
            if (document.Find(touched[i], CrdtKind.Register) is RegisterState { Count: > 1 } || document.Find(touched[i], CrdtKind.Map) is not null) return true;
        return false;
    }

    private static void AddExistence(List<ConflictRow> rows, ExistenceState existence)
    {
        if (existence.Exists)
        {
            foreach (var deletion in existence.Deletions)
                rows.Add(new(ConflictRule.EditWins, 0, [], deletion.Dot, deletion.Stamp, null, null));
            return;
        }
        foreach (var dot in existence.Dots)
            rows.Add(new(ConflictRule.DeletionWins, 0, [], dot, existence.Deletions[^1].Stamp, null, null));
    }

    private static void AddField(List<ConflictRow> rows, uint field, ValueBytes[] path, CrdtState state, FieldShape? shape)
    {
        if (state is RegisterState { Count: > 1 } register)
        {
            var values = register.Values;
            if (shape is not null && ColumnValue.Ruled(shape, register) is { } shown)
            {
                foreach (ref readonly var value in values)
                    if (!value.Value.Equals(shown)) rows.Add(new(ConflictRule.MergeRule, field, path, value.Dot, value.Stamp, value.Value, shown));
                return;
            }
            foreach (ref readonly var lost in values[..^1])
                rows.Add(new(ConflictRule.LatestWins, field, path, lost.Dot, lost.Stamp, lost.Value, values[^1].Value));
        }
        else if (state is MapState map)
        {
            foreach (var key in map.Keys)
                foreach (var under in map.Under(key))
                    if (under is RegisterState { Count: > 1 } or MapState) AddField(rows, field, [.. path, key], under, shape?.Under(key));
        }
    }
}
