using System.Security.Cryptography;
using System.Text;

namespace Edge.Sync.LogModel.Small;

/// <summary>F3 and F20: ids, what they hash, and what a receiver must be given to check them.</summary>
public class F03F20BytesTests
{
    private sealed record Header(string Database, string Replica, int Counter, string BodyHash);

    private static string Hash(params string[] parts) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..16];

    private static string IdOf(Header header, string previous, params string[] dependencies) => Hash([header.Database, header.Replica, header.Counter.ToString(System.Globalization.CultureInfo.InvariantCulture), header.BodyHash, previous, .. dependencies]);

    private static string BodyHash(params string?[] sections) => Hash([.. sections.Select(static s => s is null ? "?" : Hash(s))]);

    // A signature that only the holder of the key can make: the model keeps what was signed.
    private static string Sign(string key, string id) => Hash("key of " + key, id);

    /// <summary>The receiver lacks a1 and is told its id; only the true one makes b1's id one that B has sealed.</summary>
    [Fact]
    public void Id_that_the_receiver_lacks_is_told_and_proven_by_the_authors_seal()
    {
        var a1 = IdOf(new("db", "A", 1, BodyHash("a")), "");
        var b1 = new Header("db", "B", 1, BodyHash("b"));
        var seal = Sign("B", IdOf(b1, "", a1));
        foreach (var told in (string[])[a1, Hash("a lie"), ""])
        {
            var isProven = Sign("B", IdOf(b1, "", told)) == seal;
            Assert.Equal(told == a1, isProven);
        }
    }

    /// <summary>Every subset of a body's sections verifies with the hashes of the others, and no altered section does; one hash over the whole body verifies nothing but the whole.</summary>
    [Fact]
    public void Sections_are_hashed_each_so_that_any_may_be_absent()
    {
        string[] sections = ["job", "invoice", "note"];
        var (signed, signedWhole) = (BodyHash(sections), Hash(sections));
        var verifiedWhole = 0;
        foreach (var given in Choices.Subsets(sections))
        {
            var absent = sections.Except(given).ToDictionary(static s => s, static s => Hash(s));
            Assert.Equal(signed, Received(given));
            foreach (var altered in given)
                Assert.NotEqual(signed, Received([.. given.Select(s => s == altered ? s + "!" : s)]));
            if (Hash(given) == signedWhole) verifiedWhole++;

            // In the order of the body: what is there is hashed, what is absent is stood for by its hash.
            string Received(string[] there) => Hash([.. sections.Select(s => absent.TryGetValue(s, out var hash) ? hash : Hash(there[Array.IndexOf(given, s)]))]);
        }
        Assert.Equal(1, verifiedWhole);
    }

    /// <summary>A section of few possible values is found by trying, unless something unguessable is hashed with it.</summary>
    [Fact]
    public void Section_that_may_be_withheld_is_salted()
    {
        string[] guesses = ["yes", "no"];
        Assert.Contains(guesses, g => Hash(g) == Hash("yes"));
        Assert.DoesNotContain(guesses, g => Hash(g) == Hash("3f1c7a salt", "yes"));
    }

    [Fact]
    public void Change_of_one_database_is_no_change_of_another()
    {
        var there = IdOf(new("other", "A", 1, BodyHash("a")), "");
        var here = IdOf(new("db", "A", 1, BodyHash("a")), "");
        Assert.NotEqual(Sign("A", here), Sign("A", there));
        // Without the database in the id, the change and its seal would be valid in both.
        Assert.Equal(Sign("A", IdOf(new("", "A", 1, BodyHash("a")), "")), Sign("A", IdOf(new("", "A", 1, BodyHash("a")), "")));
    }

    /// <summary>F20: columns may stand for a change if they give its bytes again; the writer checks that before it drops them.</summary>
    [Fact]
    public void Columns_replace_only_what_they_regenerate()
    {
        string[] segment = ["insert h", "insert  e", "insert l"];
        var kept = new List<string>();
        foreach (var bytes in segment)
        {
            var column = bytes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var again = string.Join(' ', column);
            kept.Add(again == bytes ? again : bytes);
        }
        Assert.Equal(segment.Select(static s => Hash(s)), kept.Select(static s => Hash(s)));
        Assert.NotEqual(segment.Select(static s => Hash(s)), segment.Select(static s => Hash(string.Join(' ', s.Split(' ', StringSplitOptions.RemoveEmptyEntries)))));
    }
}
