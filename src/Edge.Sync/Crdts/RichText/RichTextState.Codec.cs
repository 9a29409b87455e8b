using Edge.Sync.Crdts.RichText;

namespace Edge.Sync.Crdts;

/// <summary>The stored form.</summary>
internal sealed partial class RichTextState
{
    /// <summary>The text, and the four values of its marks.</summary>
    internal const int PartCount = 5;

    public override void CollectReplicas(ReplicaTable table)
    {
        _text.CollectReplicas(table);
        MarkColumns.CollectReplicas(_marks, table);
    }

    /// <summary>[text, the four values of <see cref="MarkColumns"/>].</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(PartCount);
        _text.Write(ref writer);
        MarkColumns.Write(_marks, ref writer);
    }

    /// <exception cref="EdgeDataException">The bytes are no rich text.</exception>
    public static RichTextState Read(ref WireReader reader)
    {
        reader.ReadArrayHeader("richText", PartCount, exactly: true);
        var text = TextState.Read(ref reader);
        return new(text, MarkColumns.Read(ref reader));
    }
}
