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

    /// <summary>S evicts some sections and answers for its vector; A then evicts what it believes to be durable at S. With holes announced no section is ever lost.</summary>
    [Fact]
    public void Evicted_sections_are_holes_and_not_durable_there()
    {
        string[] sections = ["a1", "a2", "a3"];
        var lostByVector = 0;
        foreach (var evictedAtS in Choices.Subsets(sections))
        {
            foreach (var wanted in Choices.Subsets(sections))
            {
                var atS = sections.Except(evictedAtS).ToArray();
                Assert.Equal(sections, sections.Except(wanted.Intersect(atS)).Union(atS).Order());
                if (sections.Except(wanted).Union(atS).Count() < sections.Length) lostByVector++;
            }
        }
        Assert.Equal(37, lostByVector);
    }
}
