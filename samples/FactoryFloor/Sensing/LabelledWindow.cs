namespace FactoryFloor.Sensing;

/// <summary>A stretch of time, both ends included, in which a press is known to have been at fault. Only the report at the end looks at these.</summary>
/// <param name="Press">The press; null where one machine's recording is shared out, so that an alarm of any press counts.</param>
/// <param name="Start">The first instant.</param>
/// <param name="End">The last instant.</param>
internal readonly record struct LabelledWindow(string? Press, DateTimeOffset Start, DateTimeOffset End);
