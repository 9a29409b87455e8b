namespace Edge.Sync.Tests.Schema;

/// <summary>The first version of an app.</summary>
[EdgeDocument("task")]
public partial class TaskV1
{
    public partial string Title { get; set; }
    public partial int Hours { get; set; }
    public partial Counter Visits { get; }
    public partial string Owner { get; set; }
    public partial string Legacy { get; set; }
}

/// <summary>The second: the owner has another name in the program, hours have become minutes, and there is something new.</summary>
[EdgeDocument("task")]
public partial class TaskV2
{
    public partial string Title { get; set; }
    [Lens<HoursToMinutes>("Hours")] public partial long Minutes { get; set; }
    public partial Counter Visits { get; }
    [Field("Owner")] public partial Register<string> Responsible { get; }
    public partial ReplicatedSet<string> Tags { get; }
    public partial string Legacy { get; set; }
}

/// <summary>The third: steps, and what was legacy is gone.</summary>
[EdgeDocument("task")]
public partial class TaskV3
{
    public partial string Title { get; set; }
    [Lens<HoursToMinutes>("Hours")] public partial long Minutes { get; set; }
    public partial Counter Visits { get; }
    [Field("Owner")] public partial string Responsible { get; set; }
    public partial ReplicatedSet<string> Tags { get; }
    public partial ReplicatedList<TaskStep> Steps { get; }
    public partial Lattice<Documents.Forms.Reach> Reach { get; }
}

[EdgeObject]
public partial class TaskStep
{
    public partial string Text { get; set; }
    public partial bool Done { get; set; }
}

/// <summary>Whole hours for who knows no minutes.</summary>
public sealed class HoursToMinutes : ILens<int, long>
{
    public static long Up(int value) => 60L * value;

    public static int Down(long value) => checked((int)((value + 59) / 60));
}
