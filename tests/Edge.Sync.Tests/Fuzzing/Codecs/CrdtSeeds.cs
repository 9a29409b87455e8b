using Edge.Sync.Crdts;
using Edge.Sync.Tests.Crdts.Laws;
using Edge.Sync.Tests.Crdts.Subjects;

namespace Edge.Sync.Tests.Fuzzing.Codecs;

/// <summary>Histories of all subjects of one kind, with replicas that have compacted and others that have not.</summary>
internal static class CrdtSeeds
{
    public static IEnumerable<CrdtSubject> SubjectsOf(CrdtKind kind) => AllSubjects.All.Where(s => s.Kind == kind);

    public static IEnumerable<(CrdtSubject Subject, History History)> Histories(CrdtKind kind)
    {
        var subjects = SubjectsOf(kind).ToList();
        foreach (var subject in subjects)
            for (var seed = 1; seed <= (subjects.Count > 1 ? 2 : 6); seed++)
                foreach (var steps in (int[])[3, 12, 40])
                {
                    var history = new History(subject, seed, 3 + (seed % 2));
                    for (var i = 0; i < steps; i++)
                    {
                        history.Step();
                        if (i % 10 == 9) history.Replicas[0].Compact(history.Stable());
                    }
                    yield return (subject, history);
                }
    }

    /// <summary>Reads all that any subject of the kind reads.</summary>
    public static void Read(CrdtState state)
    {
        foreach (var subject in SubjectsOf(state.Kind)) subject.Read(state);
    }
}
