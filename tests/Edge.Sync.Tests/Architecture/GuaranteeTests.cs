using System.Text.RegularExpressions;

namespace Edge.Sync.Tests.Architecture;

/// <summary>Pages that promise name tests; a promise without its test is none.</summary>
public sealed partial class GuaranteeTests
{
    [Theory]
    [InlineData("guarantees.md", 30)]
    [InlineData("api-rules.md", 30)]
    [InlineData("inference.md", 15)]
    [InlineData("models.md", 6)]
    public void Every_test_that_the_page_names_is_there(string page, int least)
    {
        var root = RepositoryRoot();
        var names = TestName().Matches(File.ReadAllText(Path.Combine(root, "docs", page))).Select(static match => match.Groups[1].Value).ToHashSet();
        Assert.True(names.Count > least, $"Only {names.Count} tests are named.");
        var sources = Directory.EnumerateFiles(Path.Combine(root, "tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();
        foreach (var source in sources)
            names.RemoveWhere(name => source.Contains($" {name}(", StringComparison.Ordinal));
        Assert.Empty(names);
    }

    // Test names have underscores, which no other name in a span of code of those pages has.
    [GeneratedRegex("`([A-Z][A-Za-z0-9]*_[A-Za-z0-9_]+)`")]
    private static partial Regex TestName();

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Edge.Sync.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException($"No Edge.Sync.sln lies above {AppContext.BaseDirectory}.");
        return folder.FullName;
    }
}
