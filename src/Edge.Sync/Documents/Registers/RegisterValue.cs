using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>Reads and writes the value that a register shows.</summary>
internal static class RegisterValue
{
    /// <summary>The value, or <paramref name="defaultValue"/> where none has arrived, or one of another type.</summary>
    public static T Read<T>(Field field, T defaultValue)
    {
        if (field.TryFindCell(out var cell)) return ColumnCodec<T>.TryRead(cell, out var exact) ? exact : defaultValue;
        return TryGet(field, out var bytes) && !bytes.IsNil && ValueCodec<T>.TryDecode(bytes, out var value) && value is not null ? value : defaultValue;
    }

    public static T? ReadNullable<T>(Field field) where T : struct
    {
        if (field.TryFindCell(out var cell)) return !cell.IsNull && ColumnCodec<T>.TryRead(cell, out var exact) ? exact : null;
        return TryGet(field, out var bytes) && !bytes.IsNil && ValueCodec<T>.TryDecode(bytes, out var value) ? value : null;
    }

    /// <summary>All concurrent values of the type, in canonical order.</summary>
    public static IReadOnlyList<ConcurrentValue<T>> ReadAll<T>(RegisterState? state)
    {
        if (state is null) return [];
        var values = new List<ConcurrentValue<T>>(state.Count);
        foreach (ref readonly var concurrent in state.Values)
            if (ValueCodec<T>.TryDecode(concurrent.Value, out var value) && value is not null)
                values.Add(new(value, concurrent.Dot.Replica, concurrent.Stamp.ToDateTimeOffset()));
        return values;
    }

    public static void Write(Field field, ValueBytes value)
    {
        if (field.IsLive)
        {
            Queue(field, value);
            return;
        }
        var sink = field.Writable();
        field.Commit(sink, field.FindOrNew<RegisterState>(CrdtKind.Register).Set(sink.Next, value));
    }

    private static void Queue(Field field, ValueBytes value) => field.Queue(inDraft => Write(inDraft, value), value);

    private static bool TryGet(Field field, out ValueBytes bytes)
    {
        if (field.Shown is ValueBytes shown)
        {
            bytes = shown;
            return true;
        }
        bytes = default;
        return field.Find<RegisterState>(CrdtKind.Register) is { } register && register.TryGetWinner(out bytes);
    }
}
