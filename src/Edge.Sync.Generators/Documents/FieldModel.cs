namespace Edge.Sync.Generators.Documents;

/// <summary>One partial property of a document class.</summary>
/// <param name="Property">The property's name, not escaped.</param>
/// <param name="WireName">The field's name on the wire.</param>
/// <param name="Kind">How the field merges.</param>
/// <param name="Type">The property's type, fully qualified.</param>
/// <param name="ValueType">The type of a plain value, without its question mark; else empty.</param>
/// <param name="Factory">The library's <c>FieldType</c> of a type that merges by itself, as C# text; else empty.</param>
/// <param name="IsNullable">Whether the property's type has a question mark.</param>
/// <param name="HasInitializer">Whether the property names its own default, good or bad.</param>
/// <param name="InitialValue">That default as C# text; empty where there is none that is constant.</param>
/// <param name="IsIndexed">Whether its column gets an index.</param>
/// <param name="IsSearchable">Whether its text goes into the full-text index.</param>
/// <param name="IsUnique">Whether only one document may have a value of it.</param>
/// <param name="IsLocal">Whether it stays on the device.</param>
/// <param name="Records">The record structs that its values are made of, inner ones first.</param>
/// <param name="Lens">The three type arguments and the old field's name, for the library's <c>Lens</c>, as C# text; empty where there is none.</param>
/// <param name="Schema">What it is on the wire; empty for a field that stays on the device.</param>
/// <param name="Modifiers">As written, but for <c>partial</c>: both halves must agree.</param>
/// <param name="Getter">As <c>get</c> is written, modifiers included; empty where there is none.</param>
/// <param name="Setter">As <c>set</c> or <c>init</c> is written, modifiers included; empty where there is none.</param>
internal sealed record FieldModel(
    string Property, string WireName, FieldKind Kind, string Type, string ValueType, string Factory, bool IsNullable, bool HasInitializer, string InitialValue,
    bool IsIndexed, bool IsSearchable, bool IsUnique, bool IsLocal, EquatableArray<RecordModel> Records, string Lens, EquatableArray<SchemaLine> Schema,
    string Modifiers, string Getter, string Setter);

/// <summary>How a field merges.</summary>
internal enum FieldKind
{
    /// <summary>Reported as an error; only written out so that the compiler does not complain of the same property again.</summary>
    Invalid,

    /// <summary>A value that is replaced as a whole.</summary>
    Register,

    /// <summary>A type of the library's that is changed by its methods and merges by its own rule.</summary>
    Merging,
}
