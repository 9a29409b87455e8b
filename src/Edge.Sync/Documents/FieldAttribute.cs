namespace Edge.Sync;

/// <summary>Pins the wire name of a field, so that its property may be renamed: <c>[Field("old")]</c>.</summary>
/// <param name="name">The name on the wire, which is also the column's name.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FieldAttribute(string name) : Attribute
{
    /// <summary>The name on the wire.</summary>
    public string Name { get; } = name;
}
