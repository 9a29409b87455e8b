using System.Globalization;
using Edge.Sync.Tests.Crdts.Laws;
using Edge.Sync.Tests.Crdts.Subjects;

namespace Edge.Sync.Fuzz;

/// <summary>Checks every law of every type on many histories, explores all small ones, and counts.</summary>
internal static class LawsCommand
{
    public static int Run(int seeds)
    {
        Console.WriteLine($"{"type",-30} {"law cases",10} {"comparisons",12} {"histories",10} {"interleavings",14} {"deliveries",11} {"joins",10}");
        var (cases, comparisons, histories, interleavings, deliveries, joins) = (0L, 0L, 0L, 0L, 0L, 0L);
        foreach (var subject in AllSubjects.All)
        {
            var before = History.ComparisonCount;
            foreach (var (says, check) in CrdtLaws.All)
                for (var seed = 0; seed < seeds; seed++)
                {
                    try { check(subject, seed); }
                    catch (Exception e)
                    {
                        Console.WriteLine($"{subject.Name}, seed {seed}: not so: {says}.\n{e.Message}");
                        return 1;
                    }
                }
            var explorer = HistoryExplorer.Of(subject);
            explorer.Run();
            var compared = History.ComparisonCount - before + explorer.HistoryCount;
            Print(subject.Name, CrdtLaws.All.Count * seeds, compared, explorer.HistoryCount, explorer.InterleavingCount, explorer.DeliveryCount, explorer.JoinCount);
            cases += CrdtLaws.All.Count * seeds;
            comparisons += compared;
            histories += explorer.HistoryCount;
            interleavings += explorer.InterleavingCount;
            deliveries += explorer.DeliveryCount;
            joins += explorer.JoinCount;
        }
        Print($"{AllSubjects.All.Length} types", cases, comparisons, histories, interleavings, deliveries, joins);
        return 0;
    }

    private static void Print(string name, params long[] counts) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{name,-30} {counts[0],10:N0} {counts[1],12:N0} {counts[2],10:N0} {counts[3],14:N0} {counts[4],11:N0} {counts[5],10:N0}"));
}
