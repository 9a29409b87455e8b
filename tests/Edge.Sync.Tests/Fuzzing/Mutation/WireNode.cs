using System.Buffers;
using MessagePack;

namespace Edge.Sync.Tests.Fuzzing.Mutation;

/// <summary>A MessagePack value that can be changed: an array of others, bytes that hold others, or a leaf. So a mutation can leave the frame around it sound.</summary>
internal sealed class WireNode
{
    private enum Shape { Leaf, Array, Bytes, Sequence }

    private Shape _shape;

    /// <summary>What is in an array or in bytes; empty for a leaf.</summary>
    public List<WireNode> Children { get; } = [];

    /// <summary>The encoding of a leaf.</summary>
    public byte[] Leaf { get; private set; } = [];

    public bool IsLeaf => _shape == Shape.Leaf;

    public bool IsInteger => IsLeaf && Leaf.Length > 0 && (Leaf[0] is < 0x80 or >= 0xE0 or (>= 0xCC and <= 0xD3));

    public static WireNode Of(byte[] leaf) => new() { Leaf = leaf };

    /// <summary>An array of others.</summary>
    public static WireNode ArrayOf(params IEnumerable<WireNode> children)
    {
        var node = new WireNode { _shape = Shape.Array };
        node.Children.AddRange(children);
        return node;
    }

    /// <summary>Reads values until the input ends; what is no value becomes a leaf.</summary>
    public static WireNode Parse(ReadOnlyMemory<byte> input)
    {
        var root = new WireNode { _shape = Shape.Sequence };
        var reader = new MessagePackReader(input);
        while (!reader.End)
        {
            var start = (int)reader.Consumed;
            try { root.Children.Add(ReadOne(input, ref reader)); }
            catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or ArgumentException)
            {
                root.Children.Add(Of(input[start..].ToArray()));
                break;
            }
        }
        return root;
    }

    public WireNode Clone()
    {
        var clone = new WireNode { _shape = _shape, Leaf = Leaf };
        foreach (var child in Children) clone.Children.Add(child.Clone());
        return clone;
    }

    /// <summary>All values in it, itself among them.</summary>
    public void CollectTo(List<WireNode> nodes)
    {
        nodes.Add(this);
        foreach (var child in Children) child.CollectTo(nodes);
    }

    /// <summary>Becomes another value.</summary>
    public void Become(WireNode other)
    {
        var copy = other.Clone();
        (_shape, Leaf) = (copy._shape, copy.Leaf);
        Children.Clear();
        Children.AddRange(copy.Children);
    }

    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>(256);
        Write(output);
        return output.WrittenSpan.ToArray();
    }

    private void Write(ArrayBufferWriter<byte> output)
    {
        if (_shape == Shape.Leaf)
        {
            output.Write(Leaf);
            return;
        }
        var content = output;
        var writer = new MessagePackWriter(output);
        if (_shape == Shape.Array) writer.WriteArrayHeader(Children.Count);
        else if (_shape == Shape.Bytes) content = new(256);
        writer.Flush();
        foreach (var child in Children) child.Write(content);
        if (_shape != Shape.Bytes) return;
        writer.Write(content.WrittenSpan);
        writer.Flush();
    }

    private static WireNode ReadOne(ReadOnlyMemory<byte> input, ref MessagePackReader reader)
    {
        var start = (int)reader.Consumed;
        if (reader.NextMessagePackType == MessagePackType.Array)
        {
            var node = new WireNode { _shape = Shape.Array };
            for (var left = reader.ReadArrayHeader(); left > 0; left--) node.Children.Add(ReadOne(input, ref reader));
            return node;
        }
        if (reader.NextMessagePackType == MessagePackType.Binary && reader.ReadBytes() is { Length: > 17 } bytes && Parse(bytes.ToArray()) is var inner && inner.Children.Any(c => !c.IsLeaf))
        {
            inner._shape = Shape.Bytes;
            return inner;
        }
        if (reader.Consumed == start) reader.Skip();
        return Of(input[start..(int)reader.Consumed].ToArray());
    }
}
