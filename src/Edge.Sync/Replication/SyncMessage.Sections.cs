using System.Buffers;
using Edge.Sync.Log;
using MessagePack;

namespace Edge.Sync.Replication;

/// <summary>The messages that ask for absent sections, and answer.</summary>
internal static partial class SyncMessage
{
    public static void WriteWantSections(IBufferWriter<byte> output, IReadOnlyCollection<SectionName> names)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(2);
        writer.Write(WantSections);
        writer.WriteArrayHeader(names.Count * 4);
        foreach (var name in names)
            WriteName(ref writer, name);
        writer.Flush();
    }

    public static SectionName[] ReadWantSections(ref WireReader reader, int sectionsMax)
    {
        var length = reader.ReadArrayHeader("wantSections");
        if (length % 4 != 0 || length / 4 > sectionsMax) throw reader.Malformed("wantSections", $"at most {sectionsMax} whole entries are allowed");
        var names = new SectionName[length / 4];
        for (var i = 0; i < names.Length; i++)
            names[i] = ReadName(ref reader, "wantSections");
        return names;
    }

    public static void WriteSections(IBufferWriter<byte> output, IReadOnlyCollection<ReceivedSection> sections)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(2);
        writer.Write(Sections);
        writer.WriteArrayHeader(sections.Count * 5);
        foreach (var section in sections)
        {
            WriteName(ref writer, section.Name);
            WriteOptional(ref writer, section.Bytes);
        }
        writer.Flush();
    }

    public static ReceivedSection[] ReadSections(ref WireReader reader, int sectionsMax)
    {
        var length = reader.ReadArrayHeader("sections");
        if (length % 5 != 0 || length / 5 > sectionsMax) throw reader.Malformed("sections", $"at most {sectionsMax} whole entries are allowed");
        var sections = new ReceivedSection[length / 5];
        for (var i = 0; i < sections.Length; i++)
            sections[i] = new(ReadName(ref reader, "sections"), ReadOptional(ref reader, "sections.bytes"));
        return sections;
    }

    private static void WriteName(ref MessagePackWriter writer, SectionName name)
    {
        WriteEnd(ref writer, name.Change);
        writer.Write(name.Number);
    }

    private static SectionName ReadName(ref WireReader reader, string field) => new(ReadEnd(ref reader, field), reader.ReadInt32(field + ".section", 0, int.MaxValue));
}
