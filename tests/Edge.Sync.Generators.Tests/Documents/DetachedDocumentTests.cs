namespace Edge.Sync.Generators.Tests.Documents;

public class DetachedDocumentTests
{
    [Fact]
    public void New_document_reads_defaults_before_anything_is_written()
    {
        var job = new Job();
        Assert.Equal("", job.Title);
        Assert.False(job.Done);
        Assert.Equal(0, job.Minutes.Value);
        Assert.Empty(job.Parts);
        Assert.Equal("", job.Notes.Value);
        Assert.Equal(default, job.Id);
    }

    [Fact]
    public void New_document_reads_back_what_was_written()
    {
        var job = new Job { Title = "Replace pump 7", Done = true, Parts = { "seal", "bolt" } };
        job.Minutes.Add(30);
        job.Minutes.Add(15);
        Assert.Equal("Replace pump 7", job.Title);
        Assert.True(job.Done);
        Assert.Equal(45, job.Minutes.Value);
        Assert.Equal(["bolt", "seal"], job.Parts);
    }
}
