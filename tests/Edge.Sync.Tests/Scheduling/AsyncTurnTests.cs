using Edge.Sync.Scheduling;

namespace Edge.Sync.Tests.Scheduling;

public class AsyncTurnTests
{
    private readonly ManualScheduler _scheduler = new();

    [Fact]
    public void Turns_are_taken_one_at_a_time_in_order_of_asking()
    {
        var turn = new AsyncTurn(_scheduler);
        Assert.True(Enter(turn).IsCompletedSuccessfully);
        var (second, third) = (Enter(turn), Enter(turn));
        turn.Leave();
        // Nothing of a waiter runs inside of Leave.
        Assert.False(second.IsCompleted);
        _scheduler.RunAll();
        Assert.True(second.IsCompletedSuccessfully);
        Assert.False(third.IsCompleted);
        turn.Leave();
        _scheduler.RunAll();
        Assert.True(third.IsCompletedSuccessfully);
        turn.Leave();
        Assert.True(Enter(turn).IsCompletedSuccessfully);
    }

    [Fact]
    public void Who_gives_up_does_not_keep_the_turn_from_the_others()
    {
        var turn = new AsyncTurn(_scheduler);
        Assert.True(Enter(turn).IsCompletedSuccessfully);
        using var givenUp = new CancellationTokenSource();
        var (second, third) = (Enter(turn, givenUp.Token), Enter(turn));
        givenUp.Cancel();
        _scheduler.RunAll();
        Assert.True(second.IsCanceled);
        turn.Leave();
        _scheduler.RunAll();
        Assert.True(third.IsCompletedSuccessfully);
        Assert.True(Enter(turn, givenUp.Token).IsCanceled);
    }

    [Fact]
    public void A_turn_that_is_handed_over_while_its_waiter_gives_up_goes_on()
    {
        var turn = new AsyncTurn(_scheduler);
        Assert.True(Enter(turn).IsCompletedSuccessfully);
        using var givenUp = new CancellationTokenSource();
        var (second, third) = (Enter(turn, givenUp.Token), Enter(turn));
        givenUp.Cancel();
        turn.Leave();
        _scheduler.RunAll();
        Assert.True(second.IsCanceled);
        Assert.True(third.IsCompletedSuccessfully);
    }

    private static Task Enter(AsyncTurn turn, CancellationToken cancellationToken = default) => turn.EnterAsync(cancellationToken).AsTask();

    private sealed class ManualScheduler : EdgeScheduler
    {
        private readonly Queue<Action> _work = [];

        public override void Post(Action work) => _work.Enqueue(work);

        public void RunAll()
        {
            while (_work.TryDequeue(out var work)) work();
        }
    }
}
