namespace Edge.Sync;

/// <summary>
/// Makes a <c>partial record</c> an event: <c>[EdgeEvent("job-event")] abstract partial record JobEvent</c> with a nested <c>[EdgeEvent("opened")] sealed record Opened(string Title) : JobEvent</c>
/// for each thing that may happen. The generator writes the other half.
/// </summary>
/// <param name="name">
/// On the outer record the name of the collection that its streams are in, by the rules for collections of documents; on a nested one the name of the event. Both are on the wire: pin the old name when you rename the record.
/// </param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EdgeEventAttribute(string name) : Attribute
{
    /// <summary>The name on the wire.</summary>
    public string Name { get; } = name;
}
