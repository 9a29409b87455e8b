using System.Buffers;
using Edge.Sync.Crdts;
using Edge.Sync.Crdts.Sequences.History;

namespace Edge.Sync.Tests.Fuzzing.Codecs;

/// <summary>Texts in their compact form, of which there may be several for one text; what is read has one canonical form.</summary>
internal sealed class CompactTextCodec() : FuzzCodec<TextState>("Text.compact")
{
    // Compression may gain 64 times as much, in bytes, and each may become a character.
    public override int AllocatedBytesPerByteMax => 512;

    protected override IEnumerable<byte[]> MakeSeeds() => CrdtSeeds.Histories(CrdtKind.Text).SelectMany(h => h.History.Replicas).Select(r => FuzzReplicas.Write((ref WireWriter w) => ((TextState)r.State).WriteCompact(ref w)));

    protected override TextState Read(byte[] input) => (TextState)FuzzReplicas.ReadState(CrdtKind.Text, input);

    protected override void Check(TextState value, byte[] input)
    {
        var canonical = FuzzReplicas.Write(value);
        value.Check();
        AssertSame(canonical, FuzzReplicas.Write(value), "The text after a check");
        AssertSame(canonical, FuzzReplicas.Write(FuzzReplicas.ReadState(CrdtKind.Text, canonical)), "The text");
    }
}

/// <summary>Histories of a text, replayed from the first delta to the last.</summary>
internal sealed class TextHistoryCodec() : FuzzCodec<(TextHistory History, TextState Text)>("Text.history")
{
    public override int AllocatedBytesPerByteMax => 1_000;

    // The coder's model of what is likely.
    public override int AllocatedBytesBase => 192 << 10;

    protected override IEnumerable<byte[]> MakeSeeds()
    {
        foreach (var (_, history) in CrdtSeeds.Histories(CrdtKind.Text))
        {
            var writer = new TextHistoryWriter();
            foreach (var operation in history.Operations) writer.Add((TextDelta)operation.Delta, []);
            yield return FuzzReplicas.Write((ref WireWriter w) => writer.Write(ref w));
        }
    }

    protected override (TextHistory History, TextState Text) Read(byte[] input)
    {
        var reader = new WireReader(input, FuzzReplicas.All);
        var history = TextHistory.Read(ref reader);
        reader.ReadEnd("history");
        var replay = history.Replay();
        while (replay.Next()) { }
        return (history, replay.Text);
    }

    protected override void Check((TextHistory History, TextState Text) value, byte[] input)
    {
        value.Text.Check();
        AssertSame(FuzzReplicas.Write(value.Text), FuzzReplicas.Write(value.History.At(value.History.Count)), "The text of a second replay");
    }
}
