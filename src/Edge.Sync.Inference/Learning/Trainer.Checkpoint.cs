using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Edge.Sync.Inference;

// A checkpoint: magic, options, shape, progress, weights, moments, SHA-256 of all before it. Little-endian, for this device: it does not travel.
public sealed partial class Trainer
{
    private const uint Magic = 0x30_54_53_45; // "EST0"
    private const int LayersMax = 64;

    /// <summary>Everything that is needed to go on: network, progress, moments and randomness. For this device: keep it in a file beside the database.</summary>
    public byte[] ToCheckpoint()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Magic);
        writer.Write((int)Options.Method);
        writer.Write((int)Options.Loss);
        foreach (var number in (ReadOnlySpan<float>)[Options.LearningRate, Options.Momentum, Options.WeightDecay, Options.InputNoise])
            writer.Write(number);
        writer.Write(Options.BatchRows);
        writer.Write(Options.Seed);
        writer.Write(Network.LayerCount);
        foreach (var width in Network.Widths)
            writer.Write(width);
        foreach (var activation in Network.Activations)
            writer.Write((int)activation);
        writer.Write(Steps);
        writer.Write(Epochs);
        writer.Write(_next);
        writer.Write(_random.State);
        writer.Write(_epochRandom.State);
        writer.Write(_dataHash.Length);
        writer.Write(_dataHash);
        foreach (var row in new ReadOnlyMemory<float>[] { Network.Parameters.ToArray(), _first, _second })
            writer.Write(MemoryMarshal.AsBytes(row.Span));
        writer.Flush();
        var content = stream.ToArray();
        return [.. content, .. SHA256.HashData(content)];
    }

    /// <summary>The trainer that wrote a checkpoint, where it was.</summary>
    /// <exception cref="EdgeModelException">The checkpoint is damaged, or of another version.</exception>
    public static Trainer Resume(ReadOnlySpan<byte> checkpoint)
    {
        if (checkpoint.Length <= SHA256.HashSizeInBytes || !SHA256.HashData(checkpoint[..^SHA256.HashSizeInBytes]).AsSpan().SequenceEqual(checkpoint[^SHA256.HashSizeInBytes..]))
            throw Damaged("it is damaged or cut short");
        using var reader = new BinaryReader(new MemoryStream(checkpoint[..^SHA256.HashSizeInBytes].ToArray()));
        try
        {
            if (reader.ReadUInt32() != Magic)
                throw Damaged("it is of another version");
            return Read(reader);
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException or OverflowException)
        {
            throw Damaged(e.Message);
        }
    }

    private static Trainer Read(BinaryReader reader)
    {
        var options = new TrainerOptions
        {
            Method = (TrainerMethod)reader.ReadInt32(),
            Loss = (TrainerLoss)reader.ReadInt32(),
            LearningRate = reader.ReadSingle(),
            Momentum = reader.ReadSingle(),
            WeightDecay = reader.ReadSingle(),
            InputNoise = reader.ReadSingle(),
            BatchRows = reader.ReadInt32(),
            Seed = reader.ReadUInt64(),
        };
        if (reader.ReadInt32() is not (> 0 and <= LayersMax and var layers))
            throw Damaged("it has no layers");
        var widths = new int[layers + 1];
        for (var i = 0; i < widths.Length; i++)
            widths[i] = reader.ReadInt32() is > 0 and var width ? width : throw Damaged("a layer has no width");
        var activations = new LayerActivation[layers];
        for (var i = 0; i < layers; i++)
            activations[i] = (LayerActivation)reader.ReadInt32();
        var trainer = new Trainer(TrainableNetwork.Of(widths, activations), options) { Steps = reader.ReadInt64(), Epochs = reader.ReadInt32() };
        trainer._next = reader.ReadInt32();
        trainer._random = new(reader.ReadUInt64());
        trainer._epochRandom = new(reader.ReadUInt64());
        trainer._dataHash = reader.ReadBytes(Math.Clamp(reader.ReadInt32(), 0, SHA256.HashSizeInBytes));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(trainer.Network.Parameters));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(trainer._first.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(trainer._second.AsSpan()));
        return trainer;
    }

    private static EdgeModelException Damaged(string why) => new("checkpoint", version: null, $"The checkpoint cannot be resumed: {why}. Begin the training anew.");
}
