using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Edge.Sync.Generators.Rules;

/// <summary>Members of the framework whose results differ from call to call, or from device to device, or that reach outside of the program.</summary>
internal static class ImpureMember
{
    private static readonly HashSet<string> s_types =
    [
        "System.Random", "System.Security.Cryptography.RandomNumberGenerator", "System.Diagnostics.Stopwatch", "System.TimeProvider", "System.Console",
        "System.IO.File", "System.IO.Directory", "System.IO.FileInfo", "System.IO.DirectoryInfo", "System.IO.FileStream", "System.IO.StreamReader", "System.IO.StreamWriter",
        "System.Net.Http.HttpClient", "System.Net.Sockets.Socket", "System.Net.Dns", "System.Diagnostics.Process",
    ];

    private static readonly HashSet<string> s_members =
    [
        "System.DateTime.Now", "System.DateTime.UtcNow", "System.DateTime.Today", "System.DateTimeOffset.Now", "System.DateTimeOffset.UtcNow", "System.Guid.NewGuid", "System.Guid.CreateVersion7",
        "System.Environment.TickCount", "System.Environment.TickCount64", "System.Environment.MachineName", "System.Environment.GetEnvironmentVariable", "System.TimeZoneInfo.Local",
        "System.Globalization.CultureInfo.CurrentCulture",
    ];

    /// <summary>The member that <paramref name="operation"/> uses, as text; null where it is harmless.</summary>
    public static string? In(IOperation operation)
    {
        ISymbol? member = operation switch
        {
            IInvocationOperation call => call.TargetMethod,
            IPropertyReferenceOperation reference => reference.Property,
            IObjectCreationOperation creation => creation.Constructor,
            _ => null,
        };
        if (member?.ContainingType is not { } type) return null;
        for (var declaring = type; declaring is not null; declaring = declaring.BaseType)
        {
            var name = $"{declaring.ContainingNamespace?.ToDisplayString()}.{declaring.Name}";
            // A random source with a seed is as pure as the seed.
            if (name == "System.Random" && member is IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters.Length: 1 }) return null;
            if (name == "System.Random" && member is { IsStatic: false } and not IMethodSymbol { MethodKind: MethodKind.Constructor }) return null;
            if (s_types.Contains(name) || s_members.Contains($"{name}.{member.Name}"))
                return member is IMethodSymbol { MethodKind: MethodKind.Constructor } ? $"new {type.Name}" : $"{type.Name}.{member.Name}";
        }
        return null;
    }
}
