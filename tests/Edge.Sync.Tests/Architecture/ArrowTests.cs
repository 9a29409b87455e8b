using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Edge.Sync.Tests.Architecture;

/// <summary>
/// Rooms are folders; which may name types of which is written here, and in docs/ARCHITECTURE.md. Files of the root may name everything, and no
/// room names the root. A new arrow fails here before it becomes a habit.
/// </summary>
public class ArrowTests
{
    private static readonly Dictionary<string, string[]> s_arrows = new()
    {
        ["Errors"] = ["Identity"],
        ["Identity"] = [],
        ["Scheduling"] = [],
        ["Causality"] = [],
        ["Wire"] = ["Causality", "Errors"],
        ["Crdts"] = ["Wire", "Causality", "Errors"],
        ["Documents"] = ["Crdts", "Trust", "Wire", "Causality", "Identity", "Errors"],
        ["Trust"] = ["Causality", "Identity"],
        ["Rules"] = ["Documents", "Crdts", "Log", "Causality", "Identity"],
        ["Log"] = ["Trust", "Wire", "Causality", "Identity", "Errors"],
        ["Storage"] = ["Log", "Trust", "Wire", "Causality", "Identity", "Errors"],
        ["Replication"] = ["Log", "Trust", "Wire", "Causality", "Identity", "Scheduling", "Errors"],
        ["Series"] = ["Storage", "Scheduling", "Errors"],
        ["Live"] = ["Projections", "Documents", "Crdts", "Storage", "Scheduling", "Causality", "Identity", "Errors"],
        ["Machines"] = ["Documents", "Crdts", "Wire", "Causality", "Identity", "Errors"],
        ["Telemetry"] = ["Replication", "Causality"],
        // It registers the front door, so it alone names the root.
        ["Hosting"] = ["", "Rules", "Telemetry", "Replication", "Documents", "Errors"],
        ["Verification"] = ["Projections", "Series", "Documents", "Crdts", "Storage", "Log", "Trust", "Causality", "Identity", "Errors"],
        ["Projections"] = ["Machines", "Documents", "Crdts", "Storage", "Log", "Trust", "Wire", "Causality", "Identity", "Errors"],
    };

    private static readonly Dictionary<string, string[]> s_inferenceArrows = new()
    {
        ["Windows"] = [],
        ["Onnx"] = [],
        ["Overload"] = [],
        ["Features"] = [],
        ["Backends"] = ["Onnx"],
        ["Hosting"] = ["Backends"],
        ["Serving"] = ["Backends", "Features", "Hosting"],
        ["Results"] = ["Backends"],
        ["Drift"] = ["Backends"],
        ["Telemetry"] = ["Serving", "Backends"],
        ["Explaining"] = ["Serving", "Backends"],
        ["Decisions"] = ["Results", "Serving", "Backends"],
        ["Models"] = ["Serving", "Backends", "Hosting"],
        ["Learning"] = ["Onnx"],
        ["Federated"] = ["Learning", "Models", "Serving", "Onnx"],
        ["Placement"] = [],
        ["Remote"] = ["Placement", "Results", "Serving", "Backends", "Models", "Telemetry"],
        ["Sources"] = [],
        ["Embeddings"] = ["Serving", "Backends", "Hosting"],
        ["Pipeline"] = ["Decisions", "Explaining", "Telemetry", "Drift", "Results", "Serving", "Overload", "Features", "Backends", "Windows", "Hosting"],
    };

    public static TheoryData<string> Projects => new("Edge.Sync", "Edge.Sync.Inference");

    [Theory]
    [MemberData(nameof(Projects))]
    public void Rooms_name_only_the_rooms_that_they_may(string project)
    {
        var arrowsOf = project == "Edge.Sync" ? s_arrows : s_inferenceArrows;
        var root = Path.Combine(RepositoryRoot(), "src", project);
        var compilation = Compile(root);
        var (arrows, wrong) = (0, new SortedSet<string>(StringComparer.Ordinal));
        foreach (var tree in compilation.SyntaxTrees)
        {
            var room = Room(root, tree.FilePath);
            if (room.Length == 0) continue;
            Assert.True(arrowsOf.TryGetValue(room, out var allowed), $"Room {room} is new: say in this test which rooms it may name.");
            var model = compilation.GetSemanticModel(tree);
            foreach (var name in tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (model.GetSymbolInfo(name, TestContext.Current.CancellationToken).Symbol is not INamedTypeSymbol { DeclaringSyntaxReferences: [var declaration, ..] }) continue;
                var home = Room(root, declaration.SyntaxTree.FilePath);
                if (home == room) continue;
                arrows++;
                if (!allowed!.Contains(home)) wrong.Add($"{Path.GetRelativePath(root, tree.FilePath)} names {name} of {(home.Length == 0 ? "the root" : home)}");
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(arrows > 250, $"Only {arrows} arrows were found: the test does not see the code.");
    }

    private static CSharpCompilation Compile(string root)
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        var trees = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file));
        const string ImplicitUsings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;";
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) != "Edge.Sync.dll")
            .Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create("Edge.Sync", [.. trees, CSharpSyntaxTree.ParseText(ImplicitUsings, options, Path.Combine(root, "ImplicitUsings.cs"))], references,
            new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
    }

    private static string Room(string root, string file)
    {
        var relative = Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar);
        return relative.Length > 1 ? relative[0] : "";
    }

    // Not by CallerFilePath: a deterministic build maps that to a path that does not exist.
    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Edge.Sync.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException($"No Edge.Sync.sln lies above {AppContext.BaseDirectory}.");
        return folder.FullName;
    }
}
