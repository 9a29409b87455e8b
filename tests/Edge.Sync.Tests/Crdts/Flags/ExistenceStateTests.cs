using Edge.Sync.Crdts;

namespace Edge.Sync.Tests.Crdts.Flags;

public class ExistenceStateTests
{
    [Fact]
    public void Existence_obeys_the_laws() => CrdtLaws.Check<ExistenceState>(CrdtKind.Existence, Mutate, static replica =>
    {
        // A document exists while some edit of it has been seen by no deletion.
        var expected = replica.Delivered.Any(edit => edit.What is true && !replica.Delivered.Any(deletion => deletion.What is false && deletion.Seen.Contains(edit.Dot)));
        Assert.Equal(expected, replica.State.Exists);
    });

    [Fact]
    public void Mutated_existence_is_refused_or_sound() => CrdtLaws.CheckMutations<ExistenceState>(CrdtKind.Existence, Mutate);

    private static (Delta, object) Mutate(ExistenceState state, Dot dot, Random random)
    {
        var touches = random.Next(3) > 0;
        return (touches ? state.Touch(dot) : state.Delete(dot), touches);
    }
}
