namespace Edge.Sync;

/// <summary>To which side a <see cref="StablePosition"/> holds.</summary>
public enum PositionBias
{
    /// <summary>It stays behind what is before it: what is inserted there comes after it.</summary>
    Left = 0,

    /// <summary>It stays before what is behind it: what is inserted there comes before it.</summary>
    Right = 1,
}
