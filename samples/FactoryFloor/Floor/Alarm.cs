using Edge.Sync;
using FactoryFloor.Detection;

namespace FactoryFloor.Floor;

/// <summary>What a press says of its own health. Every replica has all alarms of all presses.</summary>
[EdgeDocument("alarm")]
internal partial class Alarm
{
    public required partial string Press { get; set; }
    public partial DateTimeOffset RaisedAt { get; set; }
    public partial DateTimeOffset? ClearedAt { get; set; }
    public partial float Peak { get; set; }

    /// <summary>Writes only what is new: an edit sends what it sets.</summary>
    public static void Write(Alarm alarm, AlarmDraft draft)
    {
        if (draft.ClearedAt is null)
            (alarm.Press, alarm.RaisedAt) = (draft.Press, draft.RaisedAt);
        else
            alarm.ClearedAt = draft.ClearedAt;
        alarm.Peak = draft.Peak;
    }

    public AlarmDraft ToDraft() => new(Press, RaisedAt, ClearedAt, Peak);
}
