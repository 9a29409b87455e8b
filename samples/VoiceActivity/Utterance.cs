using Edge.Sync;

namespace VoiceActivity;

/// <summary>What leaves the device: when someone spoke, and not what was said.</summary>
[EdgeDocument("utterance")]
public partial class Utterance
{
    /// <summary>Its begin.</summary>
    public partial DateTimeOffset From { get; set; }

    /// <summary>Its end.</summary>
    public partial DateTimeOffset To { get; set; }

    /// <summary>The highest chance of speech in it.</summary>
    public partial float Peak { get; set; }
}

/// <summary>32 ms of sound.</summary>
internal readonly record struct Frame(DateTimeOffset At, ReadOnlyMemory<float> Samples);

/// <summary>An utterance that has ended.</summary>
internal sealed record Spoken(DateTimeOffset From, DateTimeOffset To, float Peak)
{
    public DocumentId Id => DocumentId.Named($"{From:O}");
}

/// <summary>Begins above one chance and ends below another, so that a voice between the two is neither cut nor begun.</summary>
internal sealed class Hysteresis
{
    private const float Begin = 0.5f, End = 0.35f;
    private static readonly TimeSpan s_pauseMax = TimeSpan.FromMilliseconds(200);

    private DateTimeOffset? _from;
    private DateTimeOffset _last;
    private float _peak;

    public Spoken? Next(DateTimeOffset at, float chance)
    {
        if (chance >= Begin && _from is null) (_from, _peak) = (at, 0);
        if (_from is not { } from) return null;
        _peak = Math.Max(_peak, chance);
        if (chance >= End) _last = at;
        if (at - _last < s_pauseMax) return null;
        _from = null;
        return new(from, _last, _peak);
    }
}
