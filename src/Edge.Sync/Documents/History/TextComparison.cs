using Edge.Sync.Crdts;

namespace Edge.Sync.Documents.History;

/// <summary>
/// The least edits between two states of a text, by the identity of its characters: no search is needed, since two characters that are in both
/// stand in the same order in both.
/// </summary>
internal static class TextComparison
{
    public static TextDiff? Compare(string name, TextState before, TextState after)
    {
        var (a, b) = (Characters(before), Characters(after));
        var (textA, textB) = (before.ToString(), after.ToString());
        var (inA, inB) = (a.ToHashSet(), b.ToHashSet());
        var edits = new List<TextRunDiff>();
        for (int i = 0, j = 0; i < a.Length || j < b.Length;)
        {
            var (startA, startB) = (i, j);
            while (i < a.Length && !inB.Contains(a[i])) i++;
            if (i > startA) edits.Add(new(false, j, textA[startA..i]));
            while (j < b.Length && !inA.Contains(b[j])) j++;
            if (j > startB) edits.Add(new(true, startB, textB[startB..j]));
            while (i < a.Length && j < b.Length && a[i] == b[j]) (i, j) = (i + 1, j + 1);
        }
        return edits.Count == 0 ? null : new(name, edits);
    }

    private static Dot[] Characters(TextState text)
    {
        var dots = new Dot[text.Length];
        var i = 0;
        foreach (var run in text.RunsOf(0, text.Length))
            for (var j = 0; j < run.Count; j++) dots[i++] = run[j];
        return dots;
    }
}
