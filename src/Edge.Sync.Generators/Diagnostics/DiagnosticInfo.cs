using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Edge.Sync.Generators.Diagnostics;

/// <summary>An ES0006 that is still to be reported, by value: a <see cref="Location"/> would keep its whole compilation alive in the pipeline.</summary>
internal sealed record DiagnosticInfo(string Message, string? Cure, string FilePath, TextSpan Span, LinePositionSpan Lines)
{
    public static DiagnosticInfo At(Location location, string message, string? cure = null) =>
        new(message, cure, location.SourceTree?.FilePath ?? "", location.SourceSpan, location.GetLineSpan().Span);

    public Diagnostic ToDiagnostic() => Diagnostic.Create(
        Descriptors.DocumentShape, Location.Create(FilePath, Span, Lines), Cure is null ? null : Descriptors.CuredBy(Cure), Message);
}
