using Edge.Sync.Inference.Windows;

namespace Edge.Sync.Inference.Pipeline;

/// <summary>Makes the windows of a new key.</summary>
/// <param name="Create">Gets how many readings a window may hold at most.</param>
/// <param name="AllowedLateness">How late a reading may come.</param>
internal sealed record WindowSpec<T>(Func<int, WindowShape<T>> Create, TimeSpan AllowedLateness);
