using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Inference.Tests.Models.Distribution;

/// <summary>Nothing that differs from what the publisher signed is ever loaded, and the error says what and why.</summary>
public class TamperedModelTests
{
    private const int Mutations = 5_000;

    [Fact]
    public async Task Every_changed_byte_of_a_model_is_refused()
    {
        await using var replicas = await Replicas.OpenAsync(1);
        var blobs = new TamperedBlobs();
        var models = new ModelCatalog(replicas[0], new EdgeInferenceOptions(), blobs);
        var version = await models.PublishAsync("ae", new MemoryStream(PublishAsyncTests.Dense(16, 1)), new(1));
        Assert.True(version.Statement.Chunks.Count > 1);
        await models.ReadAsync(version);
        var random = new Random(1);
        for (var run = 0; run < Mutations; run++)
        {
            var (index, bit) = (random.Next((int)version.SizeBytes), (byte)random.Next(1, 256));
            blobs.Mutate = (index / blobs.ChunkBytesMax, index % blobs.ChunkBytesMax, bit, version.Statement.Chunks);
            var error = await Assert.ThrowsAsync<EdgeModelException>(() => models.ReadAsync(version));
            Assert.Equal(("ae", 1L), (error.Model, error.Version));
            Assert.Contains("not what the publisher signed", error.Message, StringComparison.Ordinal);
        }
        blobs.Mutate = null;
        await models.ReadAsync(version);
    }

    [Fact]
    public async Task Every_changed_byte_of_a_manifest_is_refused()
    {
        await using var replicas = await Replicas.OpenAsync(1);
        var models = new ModelCatalog(replicas[0], new EdgeInferenceOptions());
        var version = await models.PublishAsync("ae", new MemoryStream(PublishAsyncTests.Dense(16, 1)),
            new(1, "vibration") { Expires = DateTimeOffset.UnixEpoch.AddYears(200), Scores = ScoreHistogram.Of([1, 2, 3, 4], 4) });
        var manifests = replicas[0].Documents<ManifestDocument>();
        var (statement, signature) = await manifests.FindAsync(version.Id) is { } original ? (original.Statement, original.Signature) : default;
        var random = new Random(2);
        for (var run = 0; run < Mutations; run++)
        {
            var ofSignature = run % 4 == 0;
            var changed = Mutate(random, ofSignature ? signature! : statement!);
            await manifests.EditAsync(version.Id, m => (m.Statement, m.Signature) = ofSignature ? (statement!, changed) : (changed, signature!));
            var error = await Record.ExceptionAsync(() => models.FindAsync(version.Id)) as EdgeModelException;
            Assert.True(error is not null, $"run {run} passed: {changed}");
            Assert.Equal(("ae", 1L), (error.Model, error.Version));
            Assert.Empty(await models.ListAsync("ae"));
        }
        await manifests.EditAsync(version.Id, m => (m.Statement, m.Signature) = (statement!, signature!));
        Assert.Single(await models.ListAsync("ae"));
        await manifests.EditAsync(version.Id, static m => m.Version = 2);
        Assert.Contains("another model or version", (await Assert.ThrowsAsync<EdgeModelException>(() => models.FindAsync(version.Id))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statement_in_another_spelling_is_refused_even_if_it_is_signed()
    {
        await using var replicas = await Replicas.OpenAsync(1);
        var models = new ModelCatalog(replicas[0], new EdgeInferenceOptions());
        var version = await models.PublishAsync("ae", new MemoryStream(PublishAsyncTests.Dense(16, 1)), new(1));
        var text = version.Statement.ToJson();
        foreach (var (changed, says) in new[]
        {
            (text.Replace(",", ", ", StringComparison.Ordinal), "one form"),
            (text.Replace("\"floor\":0", "\"floor\":7", StringComparison.Ordinal), "floor"),
            (text.Replace("\"input\":16", "\"input\":0", StringComparison.Ordinal), "wide"),
            (text.Replace("model/0", "model/1", StringComparison.Ordinal), "format"),
            (text.Replace("\"size\":", "\"size\":1e", StringComparison.Ordinal), "cannot be read"),
            ("{}", "cannot be read"),
            (new string('[', 200_000), "cannot be read"),
            (new string(' ', 2_000_000), "limit"),
        })
        {
            var id = SignedText.IdOf(changed);
            var signature = await SignedText.SignAsync(replicas[0], ManifestStatement.Purpose, changed, default);
            await replicas[0].Documents<ManifestDocument>().EditAsync(id, m => (m.Model, m.Version, m.Statement, m.Signature) = ("ae", 1, changed, signature));
            var error = await Assert.ThrowsAsync<EdgeModelException>(() => models.FindAsync(id));
            Assert.Contains(says, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Missing_piece_is_named_and_nothing_is_loaded_before_it_arrives()
    {
        await using var replicas = await Replicas.OpenAsync(1);
        var blobs = new TamperedBlobs();
        var models = new ModelCatalog(replicas[0], new EdgeInferenceOptions(), blobs);
        var version = await models.PublishAsync("ae", new MemoryStream(PublishAsyncTests.Dense(16, 1)), new(1));
        blobs.Lost = version.Statement.Chunks[^1];
        var count = version.Statement.Chunks.Count;
        var error = await Assert.ThrowsAsync<EdgeModelException>(() => models.ReadAsync(version));
        Assert.Contains($"piece {count} of {count} has not arrived", error.Message, StringComparison.Ordinal);
        Assert.Single(await models.VerifyAsync("ae"));
    }

    [Fact]
    public async Task Version_below_the_floor_is_refused_though_it_was_good_before_and_the_floors_manifest_is_deleted()
    {
        await using var replicas = await Replicas.OpenAsync(1);
        var models = new ModelCatalog(replicas[0], new EdgeInferenceOptions());
        var old = await models.PublishAsync("ae", new MemoryStream(PublishAsyncTests.Dense(16, 1)), new(1));
        await models.ReadAsync(old);
        var next = await models.PublishAsync("ae", new MemoryStream(PublishAsyncTests.Dense(16, 2)), new(2) { VersionFloor = 2 });
        await replicas[0].Documents<ManifestDocument>().DeleteAsync(next.Id);
        var error = await Assert.ThrowsAsync<EdgeModelException>(() => models.ReadAsync(old));
        Assert.Contains("below the floor, 2", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<EdgeModelException>(() => models.PublishAsync("ae", new MemoryStream(PublishAsyncTests.Dense(16, 3)), new(1)));
    }

    [Fact]
    public async Task Expired_version_is_not_loaded_any_more()
    {
        await using var replicas = await Replicas.OpenAsync(1);
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var models = new ModelCatalog(replicas[0], new EdgeInferenceOptions { TimeProvider = clock });
        var version = await models.PublishAsync("ae", new MemoryStream(PublishAsyncTests.Dense(16, 1)), new(1) { Expires = DateTimeOffset.UnixEpoch.AddDays(1) });
        clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMilliseconds(1));
        await models.ReadAsync(version);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Contains("expired", (await Assert.ThrowsAsync<EdgeModelException>(() => models.ReadAsync(version))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publisher_who_is_not_trusted_is_refused_and_this_device_always_is()
    {
        await using var replicas = await Replicas.OpenAsync(3);
        var publisher = (await replicas[0].SignAsync("who", default)).PublicKey;
        await using var first = EdgeInference.Create(replicas[0]);
        await using var stranger = EdgeInference.Create(replicas[1]);
        await first.Models.PublishAsync("ae", new MemoryStream(PublishAsyncTests.Dense(16, 1)), new(1));
        await stranger.Models.PublishAsync("ae", new MemoryStream(PublishAsyncTests.Dense(16, 2)), new(2));
        await replicas.ConvergeAsync();
        await using var device = EdgeInference.Create(replicas[2], o => o.ModelPublishers = [publisher]);
        await device.Models.PublishAsync("ae", new MemoryStream(PublishAsyncTests.Dense(16, 3)), new(3));
        Assert.Equal([1, 3], (await device.Models.ListAsync("ae")).Select(static v => v.Version));
        Assert.Contains(nameof(EdgeInferenceOptions.ModelPublishers), Assert.Single(await device.Models.VerifyAsync("ae")).Message, StringComparison.Ordinal);
    }

    private static string Mutate(Random random, string text)
    {
        while (true)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            // What is no UTF-8 reads as replacement characters, as it would on its way into a text field.
            if (Encoding.UTF8.GetString(bytes) is var changed && changed != text)
                return changed;
        }
    }

    private sealed class TamperedBlobs : IModelBlobs
    {
        private readonly ConcurrentDictionary<string, byte[]> _chunks = [];

        public int ChunkBytesMax => 1_000;

        public (int Chunk, int Index, byte Bits, IReadOnlyList<byte[]> Chunks)? Mutate { get; set; }

        public byte[]? Lost { get; set; }

        public Task WriteAsync(ReadOnlyMemory<byte> sha256, ReadOnlyMemory<byte> chunk, CancellationToken cancellationToken)
        {
            _chunks[Convert.ToHexString(sha256.Span)] = chunk.ToArray();
            return Task.CompletedTask;
        }

        public Task<byte[]?> ReadAsync(ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken)
        {
            if (Lost is { } lost && sha256.Span.SequenceEqual(lost))
                return Task.FromResult<byte[]?>(null);
            var chunk = _chunks[Convert.ToHexString(sha256.Span)].ToArray();
            if (Mutate is { } m && sha256.Span.SequenceEqual(m.Chunks[m.Chunk]))
                chunk[m.Index] ^= m.Bits;
            return Task.FromResult<byte[]?>(chunk);
        }
    }
}
