namespace Edge.Sync;

/// <summary>Says that a property has taken the place of an old field of another type: <c>[Lens&lt;HoursToMinutes&gt;("Hours")] public partial long Minutes { get; set; }</c>.</summary>
/// <typeparam name="TLens">A class with <see cref="ILens{TOld, TNew}"/>, of which the second type is the property's.</typeparam>
/// <param name="oldField">The old field's wire name. No property of the class may have it.</param>
/// <remarks>
/// Whichever of the two fields was written later is read, the old one through the lens; a write goes to both. So apps of both versions work on the same documents, for as long as there are any of the
/// old. For properties of plain values.
/// </remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LensAttribute<TLens>(string oldField) : Attribute
{
    /// <summary>The old field's wire name.</summary>
    public string OldField { get; } = oldField;
}
