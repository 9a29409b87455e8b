namespace Edge.Sync.LogModel.Small;

/// <summary>F18, F19 and F21: the waiting room, two processes on one file, feeds that are gone.</summary>
public class F18F19F21Tests
{
    /// <summary>F18: changes in every order into a room of every size: what is evicted was never counted, so it is sent again, and all arrive.</summary>
    [Fact]
    public void Waiting_room_loses_nothing_because_nothing_in_it_is_counted()
    {
        string[] chain = ["1", "2", "3", "4"];
        foreach (var order in Choices.Orders(chain))
        {
            for (var room = 0; room <= 3; room++)
            {
                Assert.Equal(4, Deliver(order, room, countsWaiting: false));
                if (room == 0 && order[0] != "1") Assert.True(Deliver(order, room, countsWaiting: true) < 4);
            }
        }
    }

    /// <summary>F19: two processes read the head, then each writes: every interleaving. Fenced, one of them fails; unfenced, some leave two changes under one counter.</summary>
    [Fact]
    public void Commit_fails_where_the_head_is_not_the_one_it_extends()
    {
        var forks = 0;
        foreach (var order in Choices.Interleavings(["1 reads", "1 writes"], ["2 reads", "2 writes"]))
        {
            Assert.False(HasFork(order, isFenced: true));
            if (HasFork(order, isFenced: false)) forks++;
        }
        Assert.Equal(4, forks);
    }

    /// <summary>F21: a feed that is gone leaves the vector at a fold that records its end: the vector shrinks, and the record still answers for every counter of it.</summary>
    [Fact]
    public void Retired_feed_leaves_the_vector_and_stays_in_the_folds_record()
    {
        for (var gone = 0; gone <= 5; gone++)
        {
            var ends = Enumerable.Range(0, 5).ToDictionary(static f => f, static f => f + 10);
            var retired = ends.Where(e => e.Key < gone).ToDictionary();
            var vector = ends.Where(e => e.Key >= gone).ToDictionary();
            Assert.Equal(5 - Math.Min(gone, 5), vector.Count);
            // A late change at or below the end of a retired feed is known as old; without the record it would be a new feed.
            foreach (var (feed, end) in ends)
                for (var counter = 1; counter <= end; counter++)
                    Assert.True((vector.TryGetValue(feed, out var held) && counter <= held) || (retired.TryGetValue(feed, out var last) && counter <= last));
        }
    }

    private static int Deliver(string[] order, int roomMax, bool countsWaiting)
    {
        var held = 0;
        var room = new List<string>();
        var counted = new HashSet<string>();
        for (var round = 0; round < 5; round++)
        {
            foreach (var change in order)
            {
                if (counted.Contains(change) || held >= int.Parse(change, System.Globalization.CultureInfo.InvariantCulture)) continue;
                if (countsWaiting) counted.Add(change);
                room.Add(change);
                while (room.Remove((held + 1).ToString(System.Globalization.CultureInfo.InvariantCulture))) held++;
                if (room.Count > roomMax) room.RemoveAt(0);
            }
        }
        return held;
    }

    private static bool HasFork(string[] order, bool isFenced)
    {
        var file = new List<int>();
        var read = new Dictionary<char, int>();
        foreach (var step in order)
        {
            if (step.EndsWith("reads", StringComparison.Ordinal)) read[step[0]] = file.Count;
            else if (!isFenced || read[step[0]] == file.Count) file.Add(read[step[0]] + 1);
        }
        return file.Distinct().Count() != file.Count;
    }
}
