using Edge.Sync.Scheduling;

namespace Edge.Sync.Tests.Database;

public class EditAllocationTests
{
    private const int Edits = 2000;

    // Code that is not optimized boxes what it need not: 1,152 there.
#if DEBUG
    private const int BytesMax = 1200;
#else
    private const int BytesMax = 1024;
#endif

    /// <summary>The whole way: the call, the writer, the change, the transaction, the read model, the caller's task. In one thread, so that all of it is counted.</summary>
    [Fact]
    public void An_edit_of_one_field_of_twenty_allocates_about_a_kilobyte_at_most()
    {
        using var folder = new TempFolder();
        var turns = new Turns();
        var db = new EdgeDatabase(new EdgeDatabaseOptions { Path = folder["form.db"] }, turns, new SeededRandom(1));
        var (forms, id) = (db.Documents<Form>(), DocumentId.Named("form"));
        turns.Run(forms.EditAsync(id, static form => Fill(form)));
        // What is made once, for all edits.
        for (var i = 0; i < Edits; i++) turns.Run(forms.EditAsync(id, i, static (form, i) => form.F07 = i));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Edits; i++) turns.Run(forms.EditAsync(id, i, static (form, i) => form.F07 = i));
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Edits;
        Assert.Equal(Edits - 1, turns.Run(forms.FindAsync(id))!.F07);
        turns.Run(db.DisposeAsync().AsTask());
        Assert.InRange(bytes, 100, BytesMax);
    }

    private static bool Fill(Form form)
    {
        (form.F01, form.F02, form.F03, form.F04, form.F05) = ("Ada", "ring twice", "pump 7", "", "north");
        (form.F06, form.F07, form.F08, form.F09, form.F10) = (1, 2, 3, 4, 5);
        (form.F11, form.F12, form.F13, form.F14, form.F15) = (1, 2.5, 3, 4, 5);
        (form.F16, form.F17, form.F18) = (true, false, true);
        form.F19.Add(1);
        form.F20.Add(2);
        return true;
    }

    /// <summary>Runs all that the database does in the thread of the test.</summary>
    private sealed class Turns : EdgeScheduler
    {
        private readonly Queue<object> _work = [];

        public override void Post(Action work) => Add(work);

        public override void Post(IThreadPoolWorkItem work) => Add(work);

        public void Run(Task task)
        {
            for (var spins = 0; !task.IsCompleted || _work.Count > 0; spins++)
            {
                Assert.True(spins < 1_000_000, "It waits for what nobody does.");
                if (!TryTake(out var work)) Thread.Yield();
                else if (work is Action action) action();
                else ((IThreadPoolWorkItem)work).Execute();
            }
            task.GetAwaiter().GetResult();
        }

        public T Run<T>(Task<T> task)
        {
            Run((Task)task);
            return task.GetAwaiter().GetResult();
        }

        private void Add(object work)
        {
            lock (_work) _work.Enqueue(work);
        }

        private bool TryTake(out object work)
        {
            lock (_work) return _work.TryDequeue(out work!);
        }
    }
}

/// <summary>A document of twenty fields.</summary>
[EdgeDocument("form")]
public partial class Form
{
    public partial string F01 { get; set; }
    public partial string F02 { get; set; }
    public partial string F03 { get; set; }
    public partial string F04 { get; set; }
    public partial string F05 { get; set; }
    public partial int F06 { get; set; }
    public partial int F07 { get; set; }
    public partial int F08 { get; set; }
    public partial int F09 { get; set; }
    public partial int F10 { get; set; }
    public partial double F11 { get; set; }
    public partial double F12 { get; set; }
    public partial double F13 { get; set; }
    public partial double F14 { get; set; }
    public partial double F15 { get; set; }
    public partial bool F16 { get; set; }
    public partial bool F17 { get; set; }
    public partial bool F18 { get; set; }
    public partial Counter F19 { get; }
    public partial Counter F20 { get; }
}
