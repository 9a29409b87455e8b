using System.Globalization;
using Edge.Sync.Tests.Fuzzing.Codecs;

namespace Edge.Sync.Tests.Fuzzing;

/// <summary>A small run of every codec in each build; <c>dotnet run -c Release --project tests/Fuzz</c> makes a long one.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly int s_inputs = int.TryParse(Environment.GetEnvironmentVariable("EDGE_SYNC_FUZZ_INPUTS"), CultureInfo.InvariantCulture, out var inputs) ? inputs : 20_000;

    public static TheoryData<string> Codecs => [.. AllCodecs.All.Select(c => c.Name)];

    [Theory, MemberData(nameof(Codecs))]
    public void Hostile_input_is_refused_by_one_error_or_gives_something_sound(string codec)
    {
        var run = FuzzRun.Of(AllCodecs.All.Single(c => c.Name == codec), seed: 1, s_inputs);
        output.WriteLine(run.ToString());
        // Neither a decoder that takes everything nor one that takes nothing is tested by this.
        Assert.True(run.Accepted > s_inputs / 200 && run.Refused > s_inputs / 200, run.ToString());
    }
}
