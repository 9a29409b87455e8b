namespace Edge.Sync;

/// <summary>One of the values that a register holds at once, because its authors had not seen each other's.</summary>
/// <typeparam name="T">The value's type.</typeparam>
/// <param name="Value">The value.</param>
/// <param name="Author">The replica that wrote it.</param>
/// <param name="Time">When, by the author's clock, in milliseconds.</param>
public readonly record struct ConcurrentValue<T>(T Value, ReplicaId Author, DateTimeOffset Time);
