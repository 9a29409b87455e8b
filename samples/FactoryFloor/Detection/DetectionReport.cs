using FactoryFloor.Sensing;

namespace FactoryFloor.Detection;

/// <summary>Alarms against labelled windows. A window is found when an alarm stood in it; an alarm that stood in no window is a false one.</summary>
internal readonly record struct DetectionReport(int Windows, int Found, int Alarms, int FalseAlarms)
{
    public static DetectionReport Of(IReadOnlyCollection<LabelledWindow> windows, IReadOnlyCollection<AlarmDraft> alarms) => new(
        windows.Count,
        windows.Count(window => alarms.Any(alarm => Meet(window, alarm))),
        alarms.Count,
        alarms.Count(alarm => !windows.Any(window => Meet(window, alarm))));

    private static bool Meet(LabelledWindow window, AlarmDraft alarm) =>
        (window.Press ?? alarm.Press) == alarm.Press && alarm.RaisedAt <= window.End && (alarm.ClearedAt ?? DateTimeOffset.MaxValue) >= window.Start;
}
