using Edge.Sync.Tests.Fuzzing.Codecs;

namespace Edge.Sync.Tests.Fuzzing;

/// <summary>Inputs that once broke a rule: with the codec, and what went wrong.</summary>
public sealed class KeptCaseTests
{
    public static TheoryData<string, string, string> Cases => new()
    {
        { "Counter.state", "a byte that begins no array was taken for the header of one", "001001022002020300CFFFFFFFFFFFFFFFFF040200CF7FFFFFFFFFFFFFE10504FFCFFFFFFFFFFFFFFF88" },
        { "EventLog.fragment", "the same, in a fragment", "9801020205040205039200190201040201040002020105020203010600020400070302050190" },
        { "Text.fragment", "what the peer has ended inside a surrogate pair, and half of it was joined", "96020E04020502929393920204C4140202070205010301010201020905000200060A10AA6E4EF09F9880F09F98809207029202C4040101040090" },
        { "Map.fragment", "of several texts some were joined, and one was refused", "96010302040403929301920403920493939104C40701020101000302A4F09F988091009202C40202009401030204" },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Input_that_once_broke_a_rule_is_refused_or_sound(string codec, string what, string hex)
    {
        Assert.NotEmpty(what);
        FuzzRun.Try(AllCodecs.All.Single(c => c.Name == codec), Convert.FromHexString(hex), out _);
    }
}
