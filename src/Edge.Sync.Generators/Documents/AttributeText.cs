using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators.Documents;

/// <summary>The one text that our attributes take.</summary>
internal static class AttributeText
{
    /// <summary>Empty, which is no good name, where the argument is missing or null.</summary>
    public static string Of(AttributeData attribute) =>
        attribute.ConstructorArguments.Length == 1 && attribute.ConstructorArguments[0].Value is string text ? text : "";
}
