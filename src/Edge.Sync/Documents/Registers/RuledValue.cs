using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>Asks the app's own rule.</summary>
internal static class RuledValue<T, TRule> where TRule : IMergeRule<T>
{
    public static T Merge(IReadOnlyList<ConcurrentValue<T>> values) => values switch
    {
        [] => DefaultValue<T>.Value,
        [var only] => only.Value,
        _ => TRule.Merge([.. values]) ?? DefaultValue<T>.Value,
    };

    /// <summary>What SQL shows.</summary>
    public static ValueBytes Show(CrdtState state) => ValueCodec<T>.Encode(Merge(RegisterValue.ReadAll<T>((RegisterState)state)));
}
