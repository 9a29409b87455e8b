using System.Diagnostics;

namespace Edge.Sync.Documents;

/// <summary>What a change says of itself: all as its author claims it.</summary>
/// <param name="Intent">Why it was made, in the app's words; null where nothing is said.</param>
/// <param name="Author">Who made it, in the app's words; null where nothing is said.</param>
/// <param name="Trace">The trace that it was made in; default where there was none.</param>
internal readonly record struct ChangeMetadata(string? Intent, string? Author, ActivityContext Trace)
{
    /// <summary>As many bytes of UTF-8 as an author's name may take.</summary>
    public const int AuthorBytesMax = 256;

    public bool IsEmpty => Intent is null && Author is null && Trace == default;

    /// <summary>The trace of the caller; default where there is none, or none in W3C's format.</summary>
    public static ActivityContext CurrentTrace => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Context : default;
}
