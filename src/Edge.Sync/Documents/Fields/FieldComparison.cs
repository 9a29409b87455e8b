using System.Buffers;
using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>Whether a field shows the same in two states of a document.</summary>
internal static class FieldComparison
{
    public static bool AreSame(CrdtState? a, CrdtState? b)
    {
        if (ReferenceEquals(a, b)) return true;
        if (a is null || b is null) return false;
        return (a, b) switch
        {
            (CounterState x, CounterState y) => x.Value == y.Value,
            (FlagState x, FlagState y) => x.IsEnabled == y.IsEnabled,
            (RegisterState x, RegisterState y) => AreSame(x, y),
            (TextState x, TextState y) => x.Length == y.Length && x.ToString() == y.ToString(),
            // Their bytes tell also what is not seen, a removal of what was not there for instance: one event too many.
            _ => Bytes(a).AsSpan().SequenceEqual(Bytes(b)),
        };
    }

    // All concurrent values: a register's conflicts are seen, too.
    private static bool AreSame(RegisterState a, RegisterState b)
    {
        if (a.Count != b.Count) return false;
        for (var i = 0; i < a.Count; i++)
            if (a.Values[i].Dot != b.Values[i].Dot) return false;
        return true;
    }

    private static byte[] Bytes(CrdtState state)
    {
        var document = new DocumentState(default, "");
        document.Adopt(1, state.Kind, state);
        return DocumentCodec.Write(document);
    }
}
