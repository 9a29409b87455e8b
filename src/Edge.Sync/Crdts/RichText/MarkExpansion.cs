namespace Edge.Sync;

/// <summary>On which sides a mark takes in text that is inserted at its border later. Fixed when the mark is written.</summary>
/// <remarks>Bold grows <see cref="After"/>: who types on behind a bold word types bold. Links and comments grow on neither side.</remarks>
[Flags]
public enum MarkExpansion
{
    /// <summary>On neither side: links, comments.</summary>
    None = 0,

    /// <summary>Text inserted right before the marked range is marked.</summary>
    Before = 1,

    /// <summary>Text inserted right behind the marked range is marked: bold, italic, colours.</summary>
    After = 2,

    /// <summary>On both sides.</summary>
    Both = Before | After,
}
