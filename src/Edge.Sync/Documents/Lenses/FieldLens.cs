using System.Diagnostics.CodeAnalysis;
using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>How a field reads and writes the one that it has taken the place of.</summary>
/// <param name="OldName">The old field's wire name.</param>
/// <param name="Up">An old value's bytes as new ones; null where they cannot be read.</param>
/// <param name="Down">A new value's bytes as old ones; null where there is no such value.</param>
internal sealed record FieldLens(string OldName, Func<ValueBytes, ValueBytes?> Up, Func<ValueBytes, ValueBytes?> Down)
{
    public uint OldId { get; } = FieldDefinition.HashOf(OldName);

    public static FieldLens Of<TOld, TNew, TLens>(string oldName) where TLens : ILens<TOld, TNew> =>
        new(oldName, static bytes => Convert<TOld, TNew>(bytes, TLens.Up), static bytes => Convert<TNew, TOld>(bytes, TLens.Down));

    /// <summary>What the field shows: its own register, or the old one's value where that was written later.</summary>
    /// <remarks>A write of this version goes to both fields in one change, with one time: then its own is the one that counts.</remarks>
    public RegisterState? Read(CrdtState? own, CrdtState? old)
    {
        var now = own as RegisterState;
        if (old is not RegisterState { Count: > 0 } before) return now;
        var was = before.Values[^1];
        if (now is { Count: > 0 } && now.Values[^1] is var shown
            && (shown.Stamp.CompareTo(was.Stamp) > 0 || (shown.Stamp == was.Stamp && shown.Dot.Replica.CompareTo(was.Dot.Replica) >= 0))) return now;
        return Up(was.Value) is { } value ? RegisterState.Of(was with { Value = value }) : now;
    }

    [SuppressMessage("Design", "CA1031", Justification = "The app's lens may throw whatever it likes.")]
    private static ValueBytes? Convert<TFrom, TTo>(ValueBytes bytes, Func<TFrom, TTo> convert)
    {
        if (bytes.IsNil) return bytes;
        if (!ValueCodec<TFrom>.TryDecode(bytes, out var value) || value is null) return null;
        try { return ValueCodec<TTo>.Encode(convert(value)); }
        catch (Exception) { return null; }
    }
}
