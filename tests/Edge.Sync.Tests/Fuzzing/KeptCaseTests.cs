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
        { "Text.compact", "an error gave an offset in what the input unpacks to, which was beyond the input", "9592020523C41CA11001C02FC8C674904F1D952C184501D3903821088CB45B66CF030C" },
        { "change", "the message did not name the field", "9800C0C410CBDFC83F2FC3ADCDA6C83C7A3D667AB5CD02DD0690CF01E745E047AD7EF965" },
        { "document.section", "a delta that was refused left an empty field behind", "9601C41008D270243496D9B0DC3EBCAAA50943E1C41009EA27455C5F695EF5C0E8B1347F0A97A36A6F629098CE0FF01B6A04009208D924787878787878787878787878787878787878787878787878787878787878787878787878000024C0" },
        { "value", "an integer was read as a float", "05" },
        { "value", "a number was read as an enum that has no room for it", "CD0400" },
        { "value", "text was read as a GUID", "B061626364656667686162636465666768" },
        { "projection", "a number beyond the range was cut down to one within it", "96A15401CDFFFF00C2C0" },
        { "Counter.state", "a sum at the end of its range was read, and one more increment made it unreadable", "980008CF001FFFFFFFFFFFFFCFFFFFFFFFFFFFFFFF020200CF7FFFFFFFFFFFFFFF" },
        { "List.state", "an element without a place was asked where it is", "95920404C40C010302010101010006000208920205C41204020002000101010104000200020001010194FF56CCAB68" },
        { "List.delta", "a value was replaced by none", "050898020506FD020505CCFD" },
        { "Text.fragment", "an empty text had surrogate pairs, since none at all was allowed and the limit wrapped", "9601070202050C92939390C4020205A0909401C402030005C402020590" },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Input_that_once_broke_a_rule_is_refused_or_sound(string codec, string what, string hex)
    {
        Assert.NotEmpty(what);
        FuzzRun.Try(AllCodecs.All.Single(c => c.Name == codec), Convert.FromHexString(hex), out _);
    }
}
