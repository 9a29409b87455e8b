using Edge.Sync.Log;

namespace Edge.Sync.Tests.Log;

public class ChangeMutationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_changed_byte_is_refused_or_gives_another_id(int seed)
    {
        foreach (var change in Changes.Varied(seed).Where(static change => change.Bytes.Length < 400).Take(6))
        {
            var id = Id(change);
            var bytes = change.Bytes.ToArray();
            for (var at = 0; at < bytes.Length; at++)
                for (var value = 0; value < 256; value++)
                {
                    if (change.Bytes.Span[at] == value) continue;
                    bytes[at] = (byte)value;
                    try { Assert.NotEqual(id, Id(Change.Parse(bytes))); }
                    catch (EdgeDataException) { /* refused */ }
                    bytes[at] = change.Bytes.Span[at];
                }
        }
    }

    [Fact]
    public void Every_truncation_and_extension_is_refused()
    {
        foreach (var change in Changes.Varied(3))
        {
            for (var length = 0; length < change.Bytes.Length; length++)
                Assert.Throws<EdgeDataException>(() => Change.Parse(change.Bytes[..length]));
            Assert.Throws<EdgeDataException>(() => Change.Parse((byte[])[.. change.Bytes.Span, 0]));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Mutated_changes_are_refused_or_held_and_documents_still_equal_the_log(int seed)
    {
        var random = new Random(seed);
        var target = Changes.NewReplica(99);
        int held = 0, refused = 0;
        for (var round = 0; round < 12; round++)
            foreach (var change in Changes.Varied(seed * 20 + round))
            {
                var bytes = change.Bytes.ToArray();
                for (var n = random.Next(0, 4); n > 0; n--)
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                target.Begin();
                try
                {
                    if (target.Apply(bytes) == AdmissionVerdict.Accepted) held++;
                }
                catch (EdgeDataException) { refused++; }
                target.Commit();
            }
        Assert.True(held > 50 && refused > 50, $"{held} held, {refused} refused");
        var rebuilt = target.Rebuild();
        foreach (var (key, state) in target.ReadDocuments())
        {
            Assert.Equal(Edge.Sync.Documents.DocumentCodec.Write(rebuilt[key]), state);
            rebuilt[key].Existence.Check();
            foreach (var field in rebuilt[key].Fields.Select(static field => field.Value))
                field.Check();
        }
    }

    private static ChangeId Id(Change change) =>
        change.ComputeId(Changes.Database, default, [.. change.Header.Dependencies.Select(static _ => default(ChangeId))]);
}
