namespace Edge.Sync.LogModel.Small;

/// <summary>F17: delete, evict, purge.</summary>
public class F17DeleteTests
{
    /// <summary>A document with two fields; one replica deletes it, another concurrently edits one field.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Delete_removes_existence_only(bool existenceOnly)
    {
        HashSet<string> existence = ["e1"], title = ["t1"], note = ["n1"];
        // The deleter saw e1, t1, n1. The editor writes t2 in the place of t1, and an existence dot of its own.
        string[] removed = existenceOnly ? ["e1"] : ["e1", "t1", "n1"];
        existence.ExceptWith(removed);
        title.ExceptWith(removed);
        note.ExceptWith(removed);
        title.Remove("t1");
        title.Add("t2");
        existence.Add("e2");
        Assert.NotEmpty(existence);
        Assert.Equal(existenceOnly, note.Count > 0);
    }

    /// <summary>What was evicted is announced as a hole: for every choice of evicted sections, "durable at S" is said of none of them.</summary>
    [Fact]
    public void Evicted_sections_are_holes_and_not_durable_there()
    {
        string[] sections = ["a1", "a2", "a3"];
        var claimedByVector = 0;
        foreach (var evicted in Choices.Subsets(sections))
        {
            var durable = sections.Except(evicted).ToHashSet();
            Assert.DoesNotContain(evicted, durable.Contains);
            claimedByVector += evicted.Length;
        }
        Assert.True(claimedByVector > 0);
    }
}
