namespace Edge.Sync;

/// <summary>Says that no two documents of the collection shall have one value of this property: a number plate, a login, an article number. Claims are made, moved and given back with the edits that write it.</summary>
/// <remarks>
/// <para>For properties of type string; null and "" claim nothing. An edit that writes a value which another document bears, as far as this replica knows, throws <see cref="EdgeDocumentException"/>
/// (<see cref="EdgeErrorCode.NameTaken"/>), and nothing is written.</para>
/// <para>On concurrent edits: Alice and Bob, offline, give one plate to two vehicles, and both edits stand. Once they meet, one vehicle bears it on every replica: the deepest claim (<see cref="DeepestHold"/>), whatever
/// the clocks say. The other keeps the text in its field and is in <see cref="EdgeDatabase.Conflicts"/> (<see cref="ConflictRule.NameTaken"/>) until it gets another.
/// <see cref="DocumentSet{T}.ConfirmClaimsAsync"/> deepens claims that peers have, so that one that comes late does not overthrow them.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class UniqueClaimAttribute : Attribute;
