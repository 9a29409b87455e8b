using System.Text;
using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>One field of a document class.</summary>
/// <param name="Property">The property's name, which queries use.</param>
/// <param name="Name">The wire name, which is also the column's name.</param>
/// <param name="Shape">How it merges, and how it appears in SQL.</param>
/// <param name="IsNullable">Whether a register may be null.</param>
internal sealed record FieldDefinition(string Property, string Name, FieldShape Shape, bool IsNullable)
{
    /// <summary>The field's id on the wire: a hash of its wire name, never of its place in the class.</summary>
    public uint Id { get; } = HashOf(Name);

    /// <summary>The field's key where it lies in an object, which is a map.</summary>
    public ValueBytes Key { get; } = ValueCodec<string>.Encode(Name);

    public CrdtKind Kind => Shape.Kind;

    public ColumnType Column => Shape.Column;

    /// <summary>What of it is read from its column. A rule of the app's own and an old field need the state.</summary>
    public ColumnUse Use { get => IsRuled || IsLensed ? ColumnUse.None : field; init; }

    /// <summary>Whether its column has an index. Local: it says nothing about the field on the wire.</summary>
    public bool IsIndexed { get; init; }

    /// <summary>Whether its text is in the full-text index of the collection. Local, too.</summary>
    public bool IsSearchable { get; init; }

    /// <summary>Whether no two documents of the collection shall have one value of it. Local, too.</summary>
    public bool IsUnique { get; init; }

    /// <summary>What the field reads as before a value has arrived, where the class names a constant; never written to the log.</summary>
    public ValueBytes? InitialValue { get; init; }

    /// <summary>Whether it stays on the device, and is in no change.</summary>
    public bool IsLocal { get; init; }

    /// <summary>The old field that this one has taken the place of; null where there is none, and where no class of the document is in use.</summary>
    public FieldLens? Lens { get; init; }

    /// <summary>Whether there is such an old field, which a read model that was made of the file alone cannot read.</summary>
    public bool IsLensed { get; init; }

    /// <summary>Whether the app has a rule of its own for it, which a read model that was made of the file alone lacks.</summary>
    public bool IsRuled { get; init; } = Shape.HasRule;

    /// <summary>FNV-1a of the name's UTF-8 bytes, 32 bits. The generator computes the same and makes collisions build errors. 0 is taken by existence.</summary>
    public static uint HashOf(string name)
    {
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(name))
            hash = (hash ^ b) * 16777619u;
        return hash == 0 ? 1 : hash;
    }
}
