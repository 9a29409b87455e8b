namespace Edge.Sync.Documents;

/// <summary>What a row of a read model has for one field.</summary>
/// <param name="Number">Of an integer its value, of a real its bits.</param>
/// <param name="Text">Of a text.</param>
/// <param name="IsNull">Whether there is none.</param>
internal readonly record struct ColumnCell(long Number, string? Text, bool IsNull);
