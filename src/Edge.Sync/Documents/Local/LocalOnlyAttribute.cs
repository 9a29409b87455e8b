namespace Edge.Sync;

/// <summary>Keeps a property on this device: it is in the file, in queries and in undo histories, and in no change, so that nothing can send it.</summary>
/// <remarks>
/// It has no history of its own: a document as it was (<see cref="EdgeDatabase.At"/>) reads it as its default. A backup of the file has it, since that is a copy of the file.
/// A document that is deleted keeps it, for when it comes back.
/// </remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LocalOnlyAttribute : Attribute;
