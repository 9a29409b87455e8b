using System.Reflection;
using System.Runtime.CompilerServices;

namespace Edge.Sync.Tests.Architecture;

/// <summary>Rules of the API that are about its shape alone: names, namespaces, who throws, who waits. <c>docs/api-rules.md</c> has them all.</summary>
public class ApiRuleTests
{
    private static readonly Assembly[] s_packages = [typeof(EdgeDatabase).Assembly, typeof(TcpSyncBuilderExtensions).Assembly];

    private static IEnumerable<Type> PublicTypes => s_packages.SelectMany(static package => package.GetExportedTypes());

    private static IEnumerable<MethodInfo> PublicMethods => PublicTypes.Where(static type => !type.IsSubclassOf(typeof(Delegate)))
        .SelectMany(static type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly));

    [Fact]
    public void What_an_app_writes_lies_in_one_namespace_and_what_extends_others_lies_in_theirs()
    {
        // The seam for transports is what an app does not write.
        Assert.Equal(["Edge.Sync", "Edge.Sync.Replication", "Microsoft.Extensions.DependencyInjection"], PublicTypes.Select(static type => type.Namespace!).Distinct().Order(StringComparer.Ordinal));
        var extensions = PublicMethods.Where(static method => method.IsDefined(typeof(ExtensionAttribute))).ToList();
        Assert.Contains(extensions, static method => method.Name == "UseLan");
        Assert.Contains(extensions, static method => method.Name == "AddEdgeSync");
        foreach (var method in extensions)
            Assert.Equal(method.GetParameters()[0].ParameterType.Namespace, method.DeclaringType!.Namespace);
    }

    [Fact]
    public void Errors_are_sealed_leaves_of_one_base_that_has_a_code()
    {
        var errors = PublicTypes.Where(static type => type.IsSubclassOf(typeof(Exception)) && type != typeof(EdgeSyncException)).ToList();
        Assert.True(errors.Count >= 6, $"{errors.Count} errors");
        Assert.All(errors, static type => Assert.True(type.IsSealed && type.BaseType == typeof(EdgeSyncException), type.Name));
        Assert.Equal(typeof(EdgeErrorCode), typeof(EdgeSyncException).GetProperty(nameof(EdgeSyncException.Code))!.PropertyType);
        // Data, not exceptions.
        foreach (var data in (Type[])[typeof(Conflict), typeof(Rejection), typeof(CommandResult), typeof(LinkStatus)])
            Assert.False(data.IsSubclassOf(typeof(Exception)));
    }

    [Fact]
    public void Names_clash_with_none_that_every_file_sees()
    {
        // What is in every file by itself: implicit usings, and those of the common frameworks for UIs.
        HashSet<string> implicitNamespaces = ["System", "System.IO", "System.Linq", "System.Collections.Generic", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];
        var taken = AppDomain.CurrentDomain.GetAssemblies()
            .Where(static assembly => assembly.GetName().Name is { } name && (name.StartsWith("System.", StringComparison.Ordinal) || name == "netstandard"))
            .Append(typeof(HttpClient).Assembly)
            .SelectMany(static assembly => assembly.GetExportedTypes())
            .Where(type => implicitNamespaces.Contains(type.Namespace ?? ""))
            .Select(static type => type.Name)
            .Concat(["ICommand", "Command", "Window", "Application", "Page", "View", "Dispatcher", "Binding", "Route", "Location", "Color", "Setter", "Style", "Control"])
            .ToHashSet();
        Assert.Contains("Task`1", taken);
        Assert.DoesNotContain(PublicTypes.Select(static type => type.Name), taken.Contains);
        // Suffixes that mean something else in .NET (CA1711).
        Assert.DoesNotContain(PublicTypes.Where(static type => !type.IsNested).Select(static type => type.Name.Split('`')[0]),
            static name => name.EndsWith("Stream", StringComparison.Ordinal) || name.EndsWith("Collection", StringComparison.Ordinal));
    }

    [Fact]
    public void Callbacks_of_edits_wait_for_nothing()
    {
        var edits = PublicMethods.Where(static method => method.Name is "EditAsync" or "Ask" or "Report" && !method.IsAbstract).ToList();
        Assert.True(edits.Count >= 12, $"{edits.Count} ways to edit");
        foreach (var method in edits)
        {
            var callbacks = method.GetParameters().Select(static parameter => parameter.ParameterType).Where(static type => type.IsSubclassOf(typeof(Delegate))).ToList();
            Assert.All(callbacks, callback => Assert.Equal(IsPoisoned(method) ? typeof(Task) : typeof(void), callback.GetMethod("Invoke")!.ReturnType));
        }

        // Each way that takes a callback has a twin for those who write async: an error of the compiler, since the callback would be async void.
        static string Shape(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}({string.Join(", ", method.GetParameters().Select(static parameter => parameter.ParameterType is var type && type.IsSubclassOf(typeof(Delegate)) ? "callback" : type.Name))})";
        Assert.Equal(edits.Where(static method => !IsPoisoned(method)).Select(Shape).Order(StringComparer.Ordinal), edits.Where(IsPoisoned).Select(Shape).Order(StringComparer.Ordinal));

        // What an app implements and the writer runs has no way to wait either.
        foreach (var contract in (Type[])[typeof(IEdgeCommand), typeof(IProjection), typeof(IProject<>), typeof(IMergeRule<>), typeof(ILattice<>), typeof(ILens<,>)])
            Assert.All(contract.GetMethods(), static method => Assert.False(typeof(Task).IsAssignableFrom(method.ReturnType) || method.ReturnType.Name.StartsWith("ValueTask", StringComparison.Ordinal), method.Name));
    }

    [Fact]
    public void What_holds_a_file_or_a_thread_ends_by_DisposeAsync_alone()
    {
        Assert.Contains(PublicTypes, static type => typeof(IAsyncDisposable).IsAssignableFrom(type));
        // What a projection writes by is freed by the library.
        Assert.Equal([typeof(ProjectionWriter)], PublicTypes.Where(static type => typeof(IDisposable).IsAssignableFrom(type)));
    }

    [Fact]
    public void Tokens_come_last_and_may_be_left_out()
    {
        var methods = PublicMethods.Where(static method => method.GetParameters().Any(static parameter => parameter.ParameterType == typeof(CancellationToken))).ToList();
        Assert.True(methods.Count > 50, $"{methods.Count} methods");
        foreach (var method in methods.Where(static method => method.DeclaringType!.Namespace == "Edge.Sync" && !method.IsAbstract))
            Assert.True(method.GetParameters()[^1] is { ParameterType: var type, IsOptional: true } && type == typeof(CancellationToken), $"{method.DeclaringType!.Name}.{method.Name}");
    }

    private static bool IsPoisoned(MethodInfo method) => method.GetCustomAttribute<ObsoleteAttribute>() is { IsError: true };
}
