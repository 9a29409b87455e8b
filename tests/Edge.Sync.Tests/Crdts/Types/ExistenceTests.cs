using Edge.Sync.Crdts;

namespace Edge.Sync.Tests.Crdts.Types;

public sealed class ExistenceTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(200)]
    public void Deletion_takes_what_its_author_had_seen_of_any_number_of_writers(int writers)
    {
        var (deleter, other) = (new ExistenceState(), new ExistenceState());
        for (var i = 0; i < writers; i++) deleter.Touch(new(Laws.History.IdOf(i), 1)).Into(deleter, other);
        var deletion = deleter.Delete(new(Laws.History.IdOf(0), 2)).Into(deleter);
        Assert.False(deleter.Exists);

        var concurrent = other.Touch(new(Laws.History.IdOf(writers - 1), 2)).Into(other);
        deletion.Into(other);
        Assert.True(other.Exists);
        concurrent.Into(deleter);
        Assert.Equal(Laws.Bytes.Canonical(deleter), Laws.Bytes.Canonical(other));
    }
}
