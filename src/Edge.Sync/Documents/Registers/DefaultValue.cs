namespace Edge.Sync.Documents;

/// <summary>What a value that has not arrived reads as: never null.</summary>
internal static class DefaultValue<T>
{
    public static T Value { get; } = typeof(T) == typeof(string) ? (T)(object)"" : default!;
}
