namespace Edge.Sync;

/// <summary>Whose a name is.</summary>
/// <param name="Owner">The document that bears it; all zeros where none does.</param>
/// <param name="Depth">How many claims, confirmations and releases it follows, this one counted.</param>
public readonly record struct NameHold(DocumentId Owner, long Depth)
{
    internal static RecordType<NameHold> Record { get; } = RecordType.Of<NameHold>()
        .Member(nameof(Owner), static hold => hold.Owner)
        .Member(nameof(Depth), static hold => hold.Depth)
        .Build(static values => new(values.Get<DocumentId>(0), values.Get<long>(1)));
}
