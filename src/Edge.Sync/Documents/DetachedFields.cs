using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>Writes the fields of a document that was made with <c>new</c> into one of a database.</summary>
internal static class DetachedFields
{
    /// <exception cref="InvalidOperationException"><paramref name="source"/> belongs to a database already.</exception>
    public static void CopyTo(FieldStore source, FieldStore target)
    {
        if (!source.IsDetached) throw new InvalidOperationException("Only a document made with 'new' can be added. Change this one with EditAsync(id, edit), or copy its values into a new one.");
        var sink = target.Writable();
        for (var slot = 0; slot < source.Schema.Fields.Count; slot++)
        {
            var field = source.Schema.Fields[slot];
            switch (source.State.Find(field.Id, field.Kind))
            {
                case RegisterState register when register.TryGetWinner(out var value):
                    target.Commit(sink, slot, target.FieldForWriting<RegisterState>(slot).Set(sink.Next, value));
                    break;
                case CounterState { Value: not 0 } counter:
                    target.Commit(sink, slot, target.FieldForWriting<CounterState>(slot).Add(sink.Next, counter.Value));
                    break;
                case SetState set:
                    foreach (var element in set.Elements.Order())
                        target.Commit(sink, slot, target.FieldForWriting<SetState>(slot).Add(sink.Next, element));
                    break;
                case TextState { Length: > 0 } text:
                    target.Commit(sink, slot, target.FieldForWriting<TextState>(slot).Insert(sink.Next, 0, text.ToString()));
                    break;
            }
        }
    }
}
