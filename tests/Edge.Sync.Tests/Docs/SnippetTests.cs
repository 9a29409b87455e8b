using System.Text.RegularExpressions;

namespace Edge.Sync.Tests.Docs;

/// <summary>The code of the pages in docs is code of this project: <c>&lt;!-- snippet: name --&gt;</c> stands before a block, <c>// snippet: name</c> … <c>// end</c> around the lines.</summary>
public partial class SnippetTests
{
    [Fact]
    public void Code_of_the_pages_is_code_that_compiles()
    {
        var root = RepositoryRoot();
        var snippets = new Dictionary<string, string>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(root, "tests"), "*Snippets.cs", SearchOption.AllDirectories).Append(Path.Combine(root, "samples", "Hub", "Program.cs")))
            foreach (Match match in Snippet().Matches(File.ReadAllText(file)))
                snippets.Add(match.Groups["name"].Value, Dedent(match.Groups["code"].Value));
        var quoted = new HashSet<string>();
        foreach (var page in Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md"))
        {
            var text = File.ReadAllText(page);
            foreach (Match match in Block().Matches(text))
            {
                var name = match.Groups["name"].Value;
                Assert.True(snippets.TryGetValue(name, out var code), $"{Path.GetFileName(page)} quotes the snippet '{name}', which is nowhere.");
                Assert.Equal(code, match.Groups["code"].Value);
                quoted.Add(name);
            }
            Assert.True(Block().Count(text) == Code().Count(text), $"{Path.GetFileName(page)} has C# that is not compiled: put '<!-- snippet: name -->' in front of it, and the lines into a test.");
        }
        Assert.Equal(snippets.Keys.Order(), quoted.Order());
    }

    [Theory]
    [InlineData("README.md", "samples/QuickStart/Program.cs")]
    [InlineData("src/Edge.Sync.Testing/README.md", "tests/Edge.Sync.Testing.Tests/Docs/JobMergeSnippets.cs")]
    public void Program_of_a_readme_is_one_that_is_run(string readme, string file)
    {
        var source = File.ReadAllText(Path.Combine(RepositoryRoot(), file));
        var program = Snippet().Match(source) is { Success: true } snippet ? Dedent(snippet.Groups["code"].Value) : source;
        Assert.Equal(program, Assert.Single(Program().Matches(File.ReadAllText(Path.Combine(RepositoryRoot(), readme)))).Groups["code"].Value);
    }

    [Theory]
    [InlineData("documents")]
    [InlineData("queries")]
    [InlineData("live")]
    [InlineData("deletes")]
    [InlineData("commands-and-events")]
    [InlineData("series")]
    [InlineData("ready-types")]
    [InlineData("undo-and-history")]
    [InlineData("schema")]
    [InlineData("hosting")]
    [InlineData("hub")]
    [InlineData("storage")]
    [InlineData("testing-your-app")]
    public void Page_of_an_idea_says_how_it_is_used_what_holds_by_default_what_goes_wrong_and_what_not_to_do(string page)
    {
        var lines = File.ReadAllLines(Path.Combine(RepositoryRoot(), "docs", $"{page}.md"));
        Assert.Contains(lines, static line => line is "```csharp" || line.StartsWith("edge-sync ", StringComparison.Ordinal) || line.Contains("Async(", StringComparison.Ordinal));
        foreach (var heading in (string[])["## Defaults", "## What goes wrong", "## Better not"])
        {
            var at = Array.IndexOf(lines, heading);
            Assert.True(at >= 0, $"{page}.md has no '{heading}'.");
            Assert.Contains(lines[(at + 1)..].TakeWhile(static line => !line.StartsWith("## ", StringComparison.Ordinal)), static line => line.StartsWith("- ", StringComparison.Ordinal) || line.StartsWith("| ", StringComparison.Ordinal) || line.Length > 80);
        }
    }

    internal static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Edge.Sync.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException($"No Edge.Sync.sln lies above {AppContext.BaseDirectory}.");
        return folder.FullName;
    }

    private static string Dedent(string code)
    {
        var lines = code.TrimEnd().Split('\n');
        var indent = lines.Where(static line => line.Length > 0).Min(static line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > 0 ? line[indent..] : line)) + "\n";
    }

    [GeneratedRegex("""^ *// snippet: (?<name>[a-z-]+)\n(?<code>.*?)^ *// end$""", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Snippet();

    // A list of usings is no code that could be wrong alone.
    [GeneratedRegex("""^```csharp\n(?!using )""", RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex("""^```csharp\n(?<code>.*?)^```""", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Program();

    [GeneratedRegex("""<!-- snippet: (?<name>[a-z-]+) -->\n```csharp\n(?<code>.*?)```""", RegexOptions.Singleline)]
    private static partial Regex Block();
}
