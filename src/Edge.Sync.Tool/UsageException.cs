namespace Edge.Sync.Tool;

/// <summary>The command line is not one that the tool knows.</summary>
internal sealed class UsageException(string message) : Exception(message);
