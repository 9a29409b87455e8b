namespace Edge.Sync.Inference;

/// <summary>An alarm about drift as a document, so that whoever trains the model hears of it: written by runs, read by <see cref="EdgeInference.ListDriftAsync"/>.</summary>
[EdgeDocument("inference-drift")]
internal partial class DriftDocument
{
    /// <summary>The model.</summary>
    public partial string Model { get; set; }

    /// <summary>Its version; 0 where it has none.</summary>
    public partial long Version { get; set; }

    /// <summary>The hash of its bytes, in hexadecimal digits.</summary>
    public partial string ModelHash { get; set; }

    /// <summary><c>score</c> or <c>input</c>.</summary>
    public partial string Kind { get; set; }

    /// <summary>Which feature; -1 where it is the score.</summary>
    public partial long Feature { get; set; }

    /// <summary>The cumulative sum, or the stability index.</summary>
    public partial double Statistic { get; set; }

    /// <summary>What it was above.</summary>
    public partial double Limit { get; set; }

    /// <summary>The number of the inference in its pipeline, from 1.</summary>
    public partial long Inference { get; set; }

    /// <summary>When, by the clock of the device.</summary>
    public partial DateTimeOffset At { get; set; }

    internal static void Write(DriftDocument document, DriftAlarm alarm)
    {
        document.Model = alarm.Model;
        document.Version = alarm.Version ?? 0;
        document.ModelHash = alarm.ModelHash.ToString();
        document.Kind = alarm.Kind == DriftKind.Score ? "score" : "input";
        document.Feature = alarm.Feature ?? -1;
        document.Statistic = alarm.Statistic;
        document.Limit = alarm.Limit;
        document.Inference = alarm.Inference;
        document.At = alarm.At;
    }
}
