namespace Edge.Sync;

/// <summary>Turns the values of an old field into those of a new one, and back: for <see cref="LensAttribute{TLens}"/>.</summary>
/// <typeparam name="TOld">What the old field holds: a plain value.</typeparam>
/// <typeparam name="TNew">What the new one holds.</typeparam>
/// <remarks>Both must be pure: they run on every replica that has the class, whenever the field is read.</remarks>
public interface ILens<TOld, TNew>
{
    /// <summary>What an old value means now. Where it throws, the old value reads as if it were not there.</summary>
    static abstract TNew Up(TOld value);

    /// <summary>What an app of the old version is to read. Where it throws, the old field is left as it is.</summary>
    static abstract TOld Down(TNew value);
}
