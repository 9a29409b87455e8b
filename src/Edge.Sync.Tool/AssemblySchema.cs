using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Edge.Sync.Tool;

/// <summary>Reads what the generator wrote about an app's documents into its assembly. The assembly is not loaded: none of its code runs.</summary>
internal static class AssemblySchema
{
    private const string Prefix = "Edge.Sync.Schema/";

    /// <exception cref="UsageException">It is no assembly, or has no documents.</exception>
    public static LockedSchema Read(string path)
    {
        var schema = new LockedSchema();
        try
        {
            using var stream = File.OpenRead(path);
            using var file = new PEReader(stream);
            var metadata = file.GetMetadataReader();
            foreach (var handle in metadata.GetAssemblyDefinition().GetCustomAttributes())
            {
                var attribute = metadata.GetCustomAttribute(handle);
                if (!IsMetadata(metadata, attribute)) continue;
                var value = metadata.GetBlobReader(attribute.Value);
                if (value.ReadUInt16() != 1 || value.ReadSerializedString() is not { } key || !key.StartsWith(Prefix, StringComparison.Ordinal)) continue;
                var lines = schema.Of(key[Prefix.Length..]);
                foreach (var line in (value.ReadSerializedString() ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
                    if (line.Split('\t') is [var field, var type]) lines[field] = type;
            }
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException) { throw new UsageException($"'{path}' is no .NET assembly: {e.Message}"); }
        return schema.Collections.Count > 0 ? schema : throw new UsageException($"'{path}' has no documents of Edge.Sync. Give the assembly in which the classes with [EdgeDocument] are.");
    }

    private static bool IsMetadata(MetadataReader metadata, CustomAttribute attribute)
    {
        if (attribute.Constructor.Kind != HandleKind.MemberReference) return false;
        var constructor = metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor);
        return constructor.Parent.Kind == HandleKind.TypeReference && metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)constructor.Parent).Name) == "AssemblyMetadataAttribute";
    }
}
