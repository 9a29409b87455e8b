namespace Edge.Sync;

/// <summary>Puts a text into the full-text index of its collection, for <see cref="DocumentQuery{T}.Search"/>.</summary>
/// <remarks>For properties of type string, <see cref="ReplicatedText"/>, <see cref="ReplicatedRichText"/> and <see cref="Register{T}"/> of string. The index is local: adding the attribute, or taking it away, changes nothing on the wire.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SearchableAttribute : Attribute;
