using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Storage;

namespace Edge.Sync.Projections;

/// <summary>One column of a read model. A field has one, rich text a second one for its marks.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Field">Whose it is.</param>
/// <param name="IsMarks">Whether it holds the marks.</param>
internal readonly record struct ProjectionColumn(string Name, FieldDefinition Field, bool IsMarks)
{
    public bool IsSearched => Field.IsSearchable && !IsMarks;

    /// <summary>Follows the name of the column that holds the text.</summary>
    public const string MarksSuffix = "_spans";

    public static ProjectionColumn[] Of(IReadOnlyList<FieldDefinition> fields)
    {
        var columns = new List<ProjectionColumn>(fields.Count);
        foreach (var field in fields)
        {
            columns.Add(new(field.Name, field, IsMarks: false));
            if (field.Kind == CrdtKind.RichText) columns.Add(new(field.Name + MarksSuffix, field, IsMarks: true));
        }
        return [.. columns];
    }

    /// <summary>As <see cref="ValueIn"/>, given to a statement: whole numbers, which are most of what is written again and again, without an object.</summary>
    public void Bind(SqliteStatement statement, int parameter, DocumentState document)
    {
        if (Field is { Kind: CrdtKind.Register, Column: ColumnType.Integer, Lens: null, Shape.Rule: null } && document.Find(Field.Id, Field.Kind) is RegisterState register
            && register.TryGetWinner(out var bytes) && ValueCodec<long>.TryDecode(bytes, out var number) && !bytes.IsNil) statement.Bind(parameter, number);
        else if (Field.Kind == CrdtKind.Counter && document.Find(Field.Id, Field.Kind) is CounterState counter) statement.Bind(parameter, counter.Value);
        else statement.BindValue(parameter, ValueIn(document));
    }

    public object ValueIn(DocumentState document)
    {
        var state = document.Find(Field.Id, Field.Kind);
        if (Field.Lens is { } lens) state = lens.Read(state, document.Find(lens.OldId, CrdtKind.Register));
        if (IsMarks) return ColumnJson.Of(Field.Shape, state ?? CrdtState.Create(CrdtKind.RichText));
        var companion = Field.Shape.Companion is { } kind ? document.Find(Field.Id, kind) : null;
        return ColumnValue.Of(Field, companion is null ? state : state ?? CrdtState.Create(Field.Kind), companion);
    }
}
