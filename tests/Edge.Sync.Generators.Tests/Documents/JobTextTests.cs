namespace Edge.Sync.Generators.Tests.Documents;

/// <summary>
/// Pins the text that is generated for the quick start's document. After a wanted change, put the text from the failing test's message
/// into Approved/Job.txt and read the difference.
/// </summary>
public class JobTextTests
{
    private const string Source = """
        using Edge.Sync;

        [EdgeDocument("job")]
        public partial class Job
        {
            public partial string Title { get; set; }
            public partial bool Done { get; set; }
            public partial Counter Minutes { get; }
            public partial ReplicatedSet<string> Parts { get; }
            public partial ReplicatedText Notes { get; }
        }
        """;

    [Fact]
    public void Generated_text_is_the_approved_one()
    {
        var version = typeof(EdgeDocumentGenerator).Assembly.GetName().Version!.ToString();
        var (name, text) = Assert.Single(Compiling.Generate(Source).Files);
        var approved = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Approved", "Job.txt"));
        Assert.Equal("Job.g.cs", name);
        var actual = text.Replace($"\"{version}\"", "\"0.0.0.0\"", StringComparison.Ordinal);
        Assert.True(approved == actual, $"The generated text differs from Approved/Job.txt. It is now:\n{actual}");
    }

    [Fact]
    public void Generated_text_has_no_blanks_at_line_ends_and_no_carriage_returns()
    {
        var (_, text) = Assert.Single(Compiling.Generate(Source).Files);
        Assert.DoesNotContain('\r', text);
        Assert.EndsWith("}\n", text);
        Assert.DoesNotContain(text.Split('\n'), line => line.Length > 0 && char.IsWhiteSpace(line[^1]));
    }
}
