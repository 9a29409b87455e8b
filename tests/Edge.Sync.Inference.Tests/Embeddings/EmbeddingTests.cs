using Edge.Sync.Inference.Tests.Pipeline;
using Microsoft.Extensions.AI;

namespace Edge.Sync.Inference.Tests.Embeddings;

public class EmbeddingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Generator_embeds_by_the_version_that_serves_and_says_which()
    {
        await using var ai = PipelineFixture.Create();
        ai.Models.Serve(Turned(1));
        using var generator = ai.CreateEmbeddingGenerator<(float X, float Y)>("turn", 2, static (input, row) => (row.Span[0], row.Span[1]) = (input.X, input.Y));

        var first = await generator.GenerateAsync([(3, 4), (0, 2)], cancellationToken: Cancellation);
        Assert.Equal([0.6f, 0.8f], first[0].Vector.ToArray());
        Assert.Equal([0f, 1f], first[1].Vector.ToArray());
        ai.Models.Serve(Turned(-1));
        var second = await generator.GenerateAsync([(3, 4)], cancellationToken: Cancellation);
        Assert.Equal([-0.6f, -0.8f], second[0].Vector.ToArray());
        Assert.NotEqual(first[0].ModelId, second[0].ModelId);
        Assert.Contains(ai.Models["turn"].Current!.Hash.ToString(), second[0].ModelId, StringComparison.Ordinal);

        var metadata = (EmbeddingGeneratorMetadata)generator.GetService(typeof(EmbeddingGeneratorMetadata))!;
        Assert.Equal(("turn", 2), (metadata.DefaultModelId, metadata.DefaultModelDimensions));
        Assert.Same(generator, generator.GetService(typeof(IEmbeddingGenerator<(float X, float Y), Embedding<float>>)));

        static ModelContent Turned(int sign) => ModelContent.FromFunction("turn", 2, 2, (input, output) => (output[0], output[1]) = (sign * input[0], sign * input[1]), sign + 2);
    }

    [Fact]
    public async Task Answer_that_is_no_number_is_an_error_of_the_model()
    {
        await using var ai = PipelineFixture.Create();
        ai.Models.Serve(ModelContent.FromFunction("bad", 1, 1, static (input, output) => output[0] = input[0] == 7 ? float.NaN : 1));
        using var generator = ai.CreateEmbeddingGenerator<float>("bad", 1, static (input, row) => row.Span[0] = input);
        Assert.Equal("bad", (await Assert.ThrowsAsync<EdgeModelException>(() => generator.GenerateAsync([7], cancellationToken: Cancellation))).Model);
        Assert.Single(await generator.GenerateAsync([6], cancellationToken: Cancellation));
    }
}
