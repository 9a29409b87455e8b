using System.Globalization;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>Tells who wrote what a document shows.</summary>
internal static class DocumentAuthors
{
    public static DocumentAttribution Of(DocumentSchema schema, DocumentState document, DotAuthors authors)
    {
        var fields = new List<FieldAttribution>();
        var known = new HashSet<uint>();
        foreach (var field in schema.Fields)
        {
            known.Add(field.Id);
            var state = document.Find(field.Id, field.Kind);
            if (field.Lens is { } lens)
            {
                known.Add(lens.OldId);
                state = lens.Read(state, document.Find(lens.OldId, CrdtKind.Register));
            }
            Add(fields, field.Name, state, authors.Newest(field.Id) ?? (field.Lens is { } old ? authors.Newest(old.OldId) : null), authors);
        }
        foreach (var ((id, _), state) in document.Fields)
            if (known.Add(id)) Add(fields, id.ToString("x8", CultureInfo.InvariantCulture), state, authors.Newest(id), authors);
        return new(document.Id, fields);
    }

    private static void Add(List<FieldAttribution> fields, string name, CrdtState? state, Attribution? newest, DotAuthors authors)
    {
        if (newest is null) return;
        var by = state switch
        {
            RegisterState { Count: > 0 } register => authors.Of(register.Values[^1].Dot),
            ExtremeState { IsEmpty: false } extreme => authors.Of(extreme.Dot),
            _ => newest,
        };
        fields.Add(new(name, by, Spans(state, authors)));
    }

    private static List<SpanAttribution> Spans(CrdtState? state, DotAuthors authors)
    {
        var spans = new List<SpanAttribution>();
        switch (state)
        {
            case TextState text:
                AddCharacters(spans, text, authors);
                break;
            case RichTextState text:
                AddCharacters(spans, text.Text, authors);
                break;
            case ListState list:
                for (var i = 0; i < list.Count; i++)
                    Append(spans, authors.Of(list.Values(i) is [.., var shown] ? shown.Dot : list.ElementAt(i)));
                break;
            case EventLogState log:
                foreach (var entry in log.Entries) Append(spans, authors.Of(entry.Key.Dot));
                break;
        }
        return spans;
    }

    private static void AddCharacters(List<SpanAttribution> spans, TextState text, DotAuthors authors)
    {
        foreach (var run in text.RunsOf(0, text.Length))
            for (var i = 0; i < run.Count;)
            {
                var by = authors.Of(run[i], out var last);
                var count = (int)Math.Min((ulong)(run.Count - i), ((last - run[i].Counter) / run.Step) + 1);
                Append(spans, by, count);
                i += count;
            }
    }

    private static void Append(List<SpanAttribution> spans, Attribution by, int count = 1)
    {
        if (spans.Count > 0 && ReferenceEquals(spans[^1].By, by)) spans[^1] = spans[^1] with { Length = spans[^1].Length + count };
        else spans.Add(new(spans.Count == 0 ? 0 : spans[^1].Index + spans[^1].Length, count, by));
    }
}
