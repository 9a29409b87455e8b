using System.Globalization;
using System.Text;
using FactoryFloor.Detection;
using FactoryFloor.Sensing;

namespace FactoryFloor.Reporting;

/// <summary>Scores and alarms of each press over time, as an SVG: what was seen, what was said, and what is known to have been.</summary>
/// <remarks>A press has thousands of scores and a row of pixels hundreds of columns: each column shows the highest score of its time, so that no peak is lost.</remarks>
internal static class ScorePlot
{
    private const int Width = 1_000;
    private const int PanelHeight = 150;
    private const int Left = 60;
    private const int Top = 24;
    private const int Gap = 34;

    public static string Draw(IReadOnlyList<(string Press, IReadOnlyList<(DateTimeOffset At, float Score)> Scores)> presses, IReadOnlyCollection<AlarmDraft> alarms, IReadOnlyCollection<LabelledWindow> labels)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{Left + Width + 20}" height="{presses.Count * (PanelHeight + Gap) + Top}" font-family="sans-serif" font-size="11">""");
        svg.AppendLine("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        for (var i = 0; i < presses.Count; i++)
            if (presses[i].Scores.Count > 0)
                DrawPanel(svg, Top + i * (PanelHeight + Gap), presses[i].Press, presses[i].Scores, alarms, labels);
        return svg.AppendLine("</svg>").ToString();
    }

    private static void DrawPanel(
        StringBuilder svg, int top, string press, IReadOnlyList<(DateTimeOffset At, float Score)> scores, IReadOnlyCollection<AlarmDraft> alarms, IReadOnlyCollection<LabelledWindow> labels)
    {
        var (from, to) = (scores[0].At, scores[^1].At);
        var span = Math.Max(1, (to - from).Ticks);
        var highest = Math.Max(2 * AlarmRule.RaiseAbove, scores.Max(static s => s.Score));
        double X(DateTimeOffset at) => Left + Width * Math.Clamp((at - from).Ticks / (double)span, 0, 1);
        double Y(float score) => top + PanelHeight * (1 - Math.Clamp(score / highest, 0, 1));
        void Band(DateTimeOffset start, DateTimeOffset end, string color, string title)
        {
            if (end >= from && start <= to)
                svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect x="{X(start):0.#}" y="{top}" width="{Math.Max(2, X(end) - X(start)):0.#}" height="{PanelHeight}" fill="{color}" fill-opacity="0.3"><title>{title}</title></rect>""");
        }

        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Left}" y="{top - 6}">{Escape(press)}: score, {from:yyyy-MM-dd HH:mm} to {to:yyyy-MM-dd HH:mm}; blue: known to be at fault; red: alarm</text>""");
        foreach (var label in labels)
            if ((label.Press ?? press) == press)
                Band(label.Start, label.End, "#4080ff", "labelled");
        foreach (var alarm in alarms)
            if (alarm.Press == press)
                Band(alarm.RaisedAt, alarm.ClearedAt ?? to, "#e03030", string.Create(CultureInfo.InvariantCulture, $"alarm, peak {alarm.Peak:0.0}"));
        var columns = new float[Width];
        foreach (var (at, score) in scores)
            columns[(int)Math.Min(Width - 1, X(at) - Left)] = Math.Max(columns[(int)Math.Min(Width - 1, X(at) - Left)], score);
        svg.Append("<polyline fill=\"none\" stroke=\"#303030\" stroke-width=\"0.8\" points=\"");
        for (var column = 0; column < Width; column++)
            if (columns[column] > 0)
                svg.Append(CultureInfo.InvariantCulture, $"{Left + column},{Y(columns[column]):0.#} ");
        svg.AppendLine("\"/>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<line x1="{Left}" x2="{Left + Width}" y1="{Y(AlarmRule.RaiseAbove):0.#}" y2="{Y(AlarmRule.RaiseAbove):0.#}" stroke="#e03030" stroke-dasharray="4 3"/>""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Left - 6}" y="{Y(AlarmRule.RaiseAbove) + 4:0.#}" text-anchor="end">{AlarmRule.RaiseAbove:0}</text><text x="{Left - 6}" y="{top + 8}" text-anchor="end">{highest:0.#}</text>""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect x="{Left}" y="{top}" width="{Width}" height="{PanelHeight}" fill="none" stroke="#a0a0a0"/>""");
    }

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
