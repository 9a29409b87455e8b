namespace FactoryFloor.Detection;

/// <summary>Turns scores into alarms: one alarm for a fault, not one for each reading of it.</summary>
/// <remarks>
/// Hysteresis in height and in time. An alarm is raised when the score has been above <see cref="RaiseAbove"/> for several readings in a row, so that one odd
/// reading raises none; it is cleared only when the score has been clearly lower for longer, so that a score around the line does not flutter. Scores come in
/// robust standard deviations of the training scores (see <c>ModelTrainer</c>), and 3 of those is where textbooks draw the line.
/// Not safe for several threads.
/// </remarks>
internal sealed class AlarmRule
{
    public const float RaiseAbove = 3;
    public const int RaiseAfter = 6;
    public const float ClearBelow = 0.7f * RaiseAbove;
    public const int ClearAfter = 24;

    private readonly Dictionary<string, State> _presses = [];

    /// <summary>Takes the next score of a press. Answers with the alarm when it is raised and again when it is cleared; null in between.</summary>
    public AlarmDraft? Next(string press, DateTimeOffset at, float score)
    {
        if (!_presses.TryGetValue(press, out var state))
            _presses.Add(press, state = new());
        return state.Alarm is null ? Raise(state, press, at, score) : Clear(state, state.Alarm, at, score);
    }

    private static AlarmDraft? Raise(State state, string press, DateTimeOffset at, float score)
    {
        state.Run = score > RaiseAbove ? state.Run + 1 : 0;
        if (state.Run < RaiseAfter)
            return null;
        state.Run = 0;
        return state.Alarm = new(press, at, ClearedAt: null, score);
    }

    private static AlarmDraft? Clear(State state, AlarmDraft alarm, DateTimeOffset at, float score)
    {
        if (score > alarm.Peak)
            state.Alarm = alarm with { Peak = score };
        state.Run = score < ClearBelow ? state.Run + 1 : 0;
        if (state.Run < ClearAfter)
            return null;
        state.Run = 0;
        state.Alarm = null;
        return alarm with { ClearedAt = at };
    }

    private sealed class State
    {
        public AlarmDraft? Alarm;
        public int Run;
    }
}
