namespace Edge.Sync.Crdts.RichText;

/// <summary>A place between two characters, or between a character and what may come to stand beside it.</summary>
/// <param name="Ordinal">The character's ordinal: 0 for the root, <see cref="EndOrdinal"/> for the end of the text.</param>
/// <param name="IsAfter">Which side of it.</param>
internal readonly record struct MarkPlace(int Ordinal, bool IsAfter)
{
    public const int EndOrdinal = int.MaxValue;

    /// <summary>The border at which the text ends.</summary>
    public static readonly MarkPlace End = new(EndOrdinal, IsAfter: false);
}
