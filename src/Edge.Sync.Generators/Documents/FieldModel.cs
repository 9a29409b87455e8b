namespace Edge.Sync.Generators.Documents;

/// <summary>One partial property of a document class.</summary>
/// <param name="Property">The property's name, not escaped.</param>
/// <param name="WireName">The field's name on the wire.</param>
/// <param name="Kind">How the field merges.</param>
/// <param name="Type">The property's type, fully qualified.</param>
/// <param name="ValueType">The type of the register's value or the set's items, without its question mark; empty for the others.</param>
/// <param name="IsNullable">Whether the property's type has a question mark.</param>
/// <param name="HasInitializer">Whether the property names its own default, good or bad.</param>
/// <param name="InitialValue">That default as C# text; empty where there is none that is constant.</param>
/// <param name="Modifiers">As written, but for <c>partial</c>: both halves must agree.</param>
/// <param name="Getter">As <c>get</c> is written, modifiers included; empty where there is none.</param>
/// <param name="Setter">As <c>set</c> or <c>init</c> is written, modifiers included; empty where there is none.</param>
internal sealed record FieldModel(
    string Property, string WireName, FieldKind Kind, string Type, string ValueType, bool IsNullable, bool HasInitializer, string InitialValue,
    string Modifiers, string Getter, string Setter);

/// <summary>How a field merges.</summary>
internal enum FieldKind
{
    /// <summary>Reported as an error; only written out so that the compiler does not complain of the same property again.</summary>
    Invalid,

    /// <summary>A value that is replaced as a whole.</summary>
    Register,

    /// <summary><c>Counter</c>.</summary>
    Counter,

    /// <summary><c>ReplicatedSet&lt;T&gt;</c>.</summary>
    Set,

    /// <summary><c>ReplicatedText</c>.</summary>
    Text,
}
