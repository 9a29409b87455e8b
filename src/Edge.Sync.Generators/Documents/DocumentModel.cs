using Edge.Sync.Generators.Diagnostics;

namespace Edge.Sync.Generators.Documents;

/// <summary>What the generator needs to know of one document or object class, by value. It holds no place in the source, so that moving the class changes nothing.</summary>
/// <param name="Namespace">Escaped; empty for the global one.</param>
/// <param name="Containers">The heads of the types around the class, outermost first: <c>partial class Outer</c>.</param>
/// <param name="Name">The class's name, escaped.</param>
/// <param name="FullName">The class's name as it is used elsewhere: <c>global::App.Outer.Job</c>.</param>
/// <param name="Collection">The collection's name on the wire; empty for an object.</param>
/// <param name="IsObject">Whether it lies within documents.</param>
/// <param name="DeleteWins">Whether its deletions win over concurrent edits.</param>
/// <param name="IsForgettable">Whether it is written encrypted.</param>
/// <param name="Fields">In the order of their declaration.</param>
internal sealed record DocumentModel(
    string Namespace, EquatableArray<string> Containers, string Name, string FullName, string Collection, bool IsObject, bool DeleteWins, bool IsForgettable, EquatableArray<FieldModel> Fields)
{
    /// <summary>What its documents are on the wire, ascending by path.</summary>
    public IEnumerable<SchemaLine> Schema => Fields.SelectMany(static f => f.Schema).OrderBy(static line => line.Path, StringComparer.Ordinal);
}

/// <summary>What reading a class gave.</summary>
/// <param name="Model">Null where the class's shape leaves nothing to generate.</param>
/// <param name="Problems">Empty for a good class.</param>
internal sealed record DocumentReading(DocumentModel? Model, EquatableArray<DiagnosticInfo> Problems);
