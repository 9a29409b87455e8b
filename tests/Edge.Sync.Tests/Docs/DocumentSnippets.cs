// As people write it.
#pragma warning disable CA1716, CA1725, CA2016, xUnit1051

using System.Buffers;
using System.Buffers.Binary;

namespace Edge.Sync.Tests.Docs;

/// <summary>The code of docs/documents.md and docs/schema.md.</summary>
public partial class DocumentSnippets
{
    [Fact]
    public async Task Pages_show_what_runs()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var site = db.NewId();
        await db.Documents<Site>().EditAsync(site, static s => { s.Name = "North"; s.Stock["seal"].Add(3); });
        var added = await db.Documents<Job>().AddAsync(new Job { Title = "Replace pump 7", Site = site, Parts = { "seal" } });
        await db.Documents<Job>().EditAsync(added.DocumentId, static j =>
        {
            j.Steps.Add(new Step { Text = "drain" });
            j.Priority.Value = Priority.High;
            j.Reach.Join(new(1, 2));
            j.Price = new(12.50m, "CHF");
            j.Pinned = true;
        });
        var job = (await db.Documents<Job>().FindAsync(added.DocumentId))!;
        Assert.Equal(("drain", Priority.High, new Reach(1, 2), new Money(12.50m, "CHF"), true), (job.Steps[0].Text, job.Priority.Value, job.Reach.Value, job.Price, job.Pinned));
        Assert.Equal("North", (await db.Documents<Site>().FindAsync(job.Site))!.Name);

        // snippet: without-a-class
        await db.Documents("job").EditAsync(added.DocumentId, document =>
        {
            document["Title"] = "Replace pump 7 today";
            document.Get("Minutes", FieldType.Counter).Add(30);
        });
        // end
        Assert.Equal(30, (await db.Documents<Job>().FindAsync(added.DocumentId))!.Minutes.Value);

        await db.Documents<Chores.Chore>().EditAsync(site, static c => c.Hours = 2);
        Assert.Equal(120, (await db.Documents<Lenses.Chore>().FindAsync(site))!.Minutes);
        await db.Documents<Lenses.Chore>().EditAsync(site, static c => c.Minutes = 90);
        Assert.Equal(2, (await db.Documents<Chores.Chore>().FindAsync(site))!.Hours);
    }

    // snippet: document
    [EdgeDocument("job")]
    public partial class Job
    {
        public required partial string Title { get; set; }         // a value, replaced as a whole
        public partial bool Done { get; set; }
        [Indexed] public partial DateTimeOffset? Due { get; set; }
        public partial Counter Minutes { get; }                    // what merges by itself has no setter
        public partial ReplicatedSet<string> Parts { get; }
        public partial ReplicatedText Notes { get; }
        public partial ReplicatedList<Step> Steps { get; }         // objects, each merges field by field
        public partial Reference<Site> Site { get; set; }          // a typed id
        public partial Register<Priority, HighestWins> Priority { get; }
        public partial Lattice<Reach> Reach { get; }
        public partial Money Price { get; set; }                   // a record struct: one value
        [LocalOnly] public partial bool Pinned { get; set; }       // stays on this device
    }

    [EdgeObject] public partial class Step { public required partial string Text { get; set; } public partial bool Done { get; set; } }
    [EdgeDocument("site")] public partial class Site { public required partial string Name { get; set; } public partial ReplicatedMap<string, Counter> Stock { get; } }
    public readonly record struct Money(decimal Amount, string Currency);
    // end

    // snippet: merge-rules
    public readonly struct HighestWins : IMergeRule<Priority>      // only asked about values that are concurrent, in canonical order
    {
        public static Priority Merge(ReadOnlySpan<ConcurrentValue<Priority>> values)
        {
            var best = values[0].Value;
            foreach (var v in values)
                if (v.Value > best) best = v.Value;
            return best;
        }
    }

    public readonly record struct Reach(double From, double To) : ILattice<Reach>       // a type of one's own: the interval that covers all seen
    {
        public static Reach Bottom => new(double.PositiveInfinity, double.NegativeInfinity);
        public static Reach Join(Reach a, Reach b) => new(Math.Min(a.From, b.From), Math.Max(a.To, b.To));
        public static void Write(IBufferWriter<byte> output, Reach v)
        {
            var span = output.GetSpan(16);
            BinaryPrimitives.WriteDoubleLittleEndian(span, v.From);
            BinaryPrimitives.WriteDoubleLittleEndian(span[8..], v.To);
            output.Advance(16);
        }
        public static Reach Read(ReadOnlySpan<byte> b) => new(BinaryPrimitives.ReadDoubleLittleEndian(b), BinaryPrimitives.ReadDoubleLittleEndian(b[8..]));
    }
    // end

    // snippet: lens
    public sealed class HoursToMinutes : ILens<int, long>
    {
        public static long Up(int hours) => 60L * hours;
        public static int Down(long minutes) => checked((int)((minutes + 59) / 60));
    }
    // end

    public static partial class Chores
    {
        // snippet: version-one
        [EdgeDocument("chore")]
        public partial class Chore
        {
            public partial int Hours { get; set; }                                    // version 1
        }
        // end
    }

    public static partial class Lenses
    {
        // snippet: version-two
        [EdgeDocument("chore")]
        public partial class Chore
        {
            [Lens<HoursToMinutes>("Hours")] public partial long Minutes { get; set; } // version 2
        }
        // end
    }
}
