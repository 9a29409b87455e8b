using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>Reads and writes the value that a register shows.</summary>
internal static class RegisterValue
{
    /// <summary>The value, or <paramref name="defaultValue"/> where none has arrived, or one of another type.</summary>
    public static T Read<T>(Field field, T defaultValue) =>
        field.Find<RegisterState>(CrdtKind.Register) is { } register && register.TryGetWinner(out var bytes) && ValueCodec<T>.TryDecode(bytes, out var value) && value is not null
            ? value : defaultValue;

    public static T? ReadNullable<T>(Field field) where T : struct =>
        field.Find<RegisterState>(CrdtKind.Register) is { } register && register.TryGetWinner(out var bytes) && !IsNil(bytes) && ValueCodec<T>.TryDecode(bytes, out var value)
            ? value : null;

    public static void Write(Field field, ValueBytes value)
    {
        var sink = field.Writable();
        field.Commit(sink, field.FindOrNew<RegisterState>(CrdtKind.Register).Set(sink.Next, value));
    }

    private static bool IsNil(ValueBytes bytes) => bytes.Span is [MessagePack.MessagePackCode.Nil];
}
