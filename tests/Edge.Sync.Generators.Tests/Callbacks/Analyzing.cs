using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Edge.Sync.Generators.Tests.Callbacks;

/// <summary>Runs one analyzer over the statements of a method that holds <c>jobs</c>, a set of documents, and <c>id</c>.</summary>
internal static class Analyzing
{
    private const string Before = """
        #pragma warning disable CS1591, CS0169, CS0649, CS0067, CS0219, CS8321
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Threading;
        using System.Threading.Channels;
        using System.Threading.Tasks;
        using Edge.Sync;

        [EdgeDocument("job")]
        public partial class Job
        {
            public partial string Title { get; set; }
            public partial bool Done { get; set; }
            public partial Counter Minutes { get; }
            public partial ReplicatedSet<string> Parts { get; }
            public partial ReplicatedText Notes { get; }
            public partial ReplicatedMap<string, Counter> Stock { get; }
            public partial Address Address { get; }
            public partial DateTimeOffset? Due { get; set; }
            public string Label => Title + "!";
        }

        [EdgeObject]
        public partial class Address { public partial string City { get; set; } }

        public sealed class Holder { public Job? Job; public ReplicatedSet<string>? Parts { get; set; } public List<Job> All { get; } = []; public object? Any { get; set; } }

        public sealed class NotOurs { public void EditAsync(DocumentId id, Action<Job> edit) => edit(new Job()); }

        public sealed class App
        {
            private Job? _job;
            private static Job? s_job;
            private long _total;
            private readonly List<Job> _all = [];
            private event Action? Closed;
            private static void Fill(Job job) => job.Title = "x";
            private static void Later(Action action) { }

            public async Task Run(DocumentSet<Job> jobs, DocumentId id, Task<int> task, ValueTask<int> value, Holder holder, ChannelWriter<Job> writer)
            {

        """;

    private const string After = """

                await Task.Yield();
            }
        }
        """;

    /// <summary>Asserts that the analyzer reports the places between [| and |], in that order, and no others.</summary>
    public static async Task<ImmutableArray<Diagnostic>> AssertReportsAsync(DiagnosticAnalyzer analyzer, string id, string marked)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var expected = new List<string>();
        var pieces = marked.Split("[|");
        var source = pieces[0];
        foreach (var piece in pieces.Skip(1))
        {
            var end = piece.IndexOf("|]", StringComparison.Ordinal);
            expected.Add($"{Before.Length + source.Length}+{end}");
            source += piece.Remove(end, 2);
        }
        Compiling.Driver().RunGeneratorsAndUpdateCompilation(Compiling.Compile(Before + source + After), out var compilation, out _, cancellation);
        Assert.Empty(compilation.GetDiagnostics(cancellation).Where(d => d.Severity != DiagnosticSeverity.Hidden));
        var found = await compilation.WithAnalyzers([analyzer]).GetAnalyzerDiagnosticsAsync(cancellation);
        Assert.Equal(expected, found.OrderBy(d => d.Location.SourceSpan.Start).Select(d => $"{d.Location.SourceSpan.Start}+{d.Location.SourceSpan.Length}"));
        Assert.All(found, d => Assert.Equal((id, "EdgeSync", DiagnosticSeverity.Error), (d.Id, d.Descriptor.Category, d.Severity)));
        return found;
    }
}
