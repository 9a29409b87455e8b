namespace Edge.Sync.Inference.Tests.Pipeline;

/// <summary>The slow, obviously right model of a pipeline of <see cref="PipelineFixture"/>: keep everything, sort it at the end.</summary>
internal static class SlowPipeline
{
    public static (List<Alarm> Alarms, InferenceMetrics Metrics) Run(IReadOnlyList<Reading> arrivals, int count, TimeSpan lateness, float threshold)
    {
        var taken = new List<Reading>();
        int late = 0, duplicates = 0, notFull = 0, inferences = 0;
        foreach (var reading in arrivals)
        {
            var ofKey = taken.Where(r => r.Press == reading.Press).ToList();
            var watermark = ofKey.Count == 0 ? DateTimeOffset.MinValue : ofKey.Max(r => r.At) - lateness;
            if (reading.At < watermark)
                late++;
            else if (ofKey.Any(r => r.At == reading.At))
                duplicates++;
            else
                taken.Add(reading);
        }

        var alarms = new List<Alarm>();
        foreach (var press in taken.GroupBy(r => r.Press))
        {
            var sorted = press.OrderBy(r => r.At).ToList();
            for (var last = 0; last < sorted.Count; last++)
            {
                if (last + 1 < count)
                {
                    notFull++;
                    continue;
                }
                inferences++;
                var window = sorted[(last + 1 - count)..(last + 1)];
                var score = MathF.Sqrt(window.Aggregate(0f, static (sum, r) => sum + r.Value * r.Value) / count);
                if (score > threshold)
                    alarms.Add(new(press.Key, sorted[last].At, score));
            }
        }
        return (alarms, new InferenceMetrics
        {
            Readings = arrivals.Count,
            Late = late,
            Duplicates = duplicates,
            WindowNotFull = notFull,
            Inferences = inferences,
            Decisions = alarms.Count,
            Undecided = inferences - alarms.Count,
        });
    }
}
