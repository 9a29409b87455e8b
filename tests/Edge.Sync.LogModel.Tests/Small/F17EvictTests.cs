namespace Edge.Sync.LogModel.Small;

/// <summary>
/// F17, evicting: one section, two replicas that may evict and two that keep everything, and every interleaving of sending, syncing a disk, power cuts, saying what one has, hearing it late or in another order, evicting and
/// fetching. Whoever evicts must rely on somebody who has the section on the medium, and a copy of it must always be there. Each rule is a switch; without any of them that fails.
/// </summary>
public class F17EvictTests
{
    private const int Count = 4, Evictors = 2, OnTheWayMax = 2, WordsMax = 3;

    /// <param name="KeepersOnly">Only what a replica says that never evicts counts.</param>
    /// <param name="TellsHoles">Who has a change without the section says so, instead of answering for its vector.</param>
    /// <param name="AsDurable">What is said is what survives a power cut, of the section as of the change.</param>
    /// <param name="NewestCounts">What was said earlier of holes, and is heard later, does not take back what was said since.</param>
    private readonly record struct Rules(bool KeepersOnly, bool TellsHoles, bool AsDurable, bool NewestCounts)
    {
        public static Rules All { get; } = new(true, true, true, true);
    }

    /// <summary>One replica. On the medium is what survives a power cut; those that may evict sync at once.</summary>
    private readonly record struct Node(bool Knows, bool Has, bool KnowsDurably, bool HasDurably);

    /// <summary>What is said, and what of it is believed: that the change is held, and that its section is not.</summary>
    private readonly record struct Word(bool Knows, bool Lacks);

    private readonly record struct Message(int From, int To, Word Word, int Number);

    [Fact]
    public void Only_what_is_durable_at_a_keeper_is_evicted_whatever_the_order()
    {
        var (states, isBroken) = Explore(Rules.All);
        TestContext.Current.TestOutputHelper?.WriteLine($"{states} states");
        Assert.False(isBroken);
        Assert.True(states > 1000);
    }

    [Theory]
    [InlineData(nameof(Rules.KeepersOnly))]
    [InlineData(nameof(Rules.TellsHoles))]
    [InlineData(nameof(Rules.AsDurable))]
    [InlineData(nameof(Rules.NewestCounts))]
    public void Without_a_rule_somebody_relies_on_what_is_not_there(string rule) => Assert.True(Explore(rule switch
    {
        nameof(Rules.KeepersOnly) => Rules.All with { KeepersOnly = false },
        nameof(Rules.TellsHoles) => Rules.All with { TellsHoles = false },
        nameof(Rules.AsDurable) => Rules.All with { AsDurable = false },
        _ => Rules.All with { NewestCounts = false },
    }).IsBroken);

    private static (int States, bool IsBroken) Explore(Rules rules)
    {
        // The first has written the section, and it is on its medium.
        var nodes = new Node[Count];
        nodes[0] = new(true, true, true, true);
        var start = new World(rules, nodes, new Word[Evictors * Count], [], new int[Evictors * Count], 0, false);
        var seen = new HashSet<string> { start.Code() };
        var open = new Queue<World>([start]);
        while (open.TryDequeue(out var world))
            foreach (var next in world.Next())
            {
                if (!seen.Add(next.Code())) continue;
                if (next.IsBroken) return (seen.Count, true);
                open.Enqueue(next);
            }
        return (seen.Count, false);
    }

    /// <param name="Rules">The rules.</param>
    /// <param name="Nodes">Those that may evict first.</param>
    /// <param name="Believed">What each of those believes of each replica.</param>
    /// <param name="OnTheWay">Words in the order in which they were said; any may be heard next.</param>
    /// <param name="Heard">The number of the newest word that each has heard of each, up to those on the way.</param>
    /// <param name="Words">How many words were said: the bound of the search. All else may happen any number of times.</param>
    /// <param name="Relied">Whether somebody has relied on what is not there.</param>
    private sealed record World(Rules Rules, Node[] Nodes, Word[] Believed, Message[] OnTheWay, int[] Heard, int Words, bool Relied)
    {
        public bool IsBroken => Relied || !Nodes.Any(static node => node.HasDurably);

        public IEnumerable<World> Next()
        {
            for (var i = 0; i < Count; i++)
            {
                var node = Nodes[i];
                if (node.Knows != node.KnowsDurably || node.Has != node.HasDurably)
                {
                    yield return With(i, node with { KnowsDurably = node.Knows, HasDurably = node.Has });
                    yield return With(i, node with { Knows = node.KnowsDurably, Has = node.HasDurably });
                }
                for (var j = 0; j < Count; j++)
                {
                    if (i == j) continue;
                    if (j < Evictors && OnTheWay.Length < OnTheWayMax && Words < WordsMax) yield return Say(i, j);
                    // Nothing leaves that a power cut could take back. A change comes with its section or without; an absent section is asked for.
                    var other = Nodes[j];
                    if (!node.KnowsDurably || (other.Knows && (other.Has || !node.HasDurably))) continue;
                    var has = other.Has || node.HasDurably;
                    yield return With(j, j < Evictors ? new(true, has, true, has) : other with { Knows = true, Has = has });
                }
            }
            for (var m = 0; m < OnTheWay.Length; m++)
                yield return Hear(m);
            for (var e = 0; e < Evictors; e++)
                foreach (var world in Evict(e)) yield return world;
        }

        private World Say(int from, int to)
        {
            var node = Nodes[from];
            var lacks = Rules.TellsHoles && node.KnowsDurably && !(Rules.AsDurable ? node.HasDurably : node.Has);
            var number = 1 + OnTheWay.Where(message => message.From == from && message.To == to).Select(static message => message.Number).Append(Heard[(to * Count) + from]).Max();
            return this with { OnTheWay = [.. OnTheWay, new(from, to, new(node.KnowsDurably, lacks), number)], Words = Words + 1 };
        }

        private World Hear(int m)
        {
            var (from, to, word, number) = OnTheWay[m];
            var at = (to * Count) + from;
            var (believed, heard) = ((Word[])Believed.Clone(), (int[])Heard.Clone());
            var isNewest = number > Heard[at] || !Rules.NewestCounts;
            believed[at] = new(believed[at].Knows || word.Knows, isNewest ? word.Lacks : believed[at].Lacks);
            heard[at] = Math.Max(heard[at], number);
            Message[] rest = [.. OnTheWay.Where((_, i) => i != m)];
            // Numbers mean something only beside others of the same two.
            if (!rest.Any(message => message.From == from && message.To == to)) heard[at] = 0;
            return this with { Believed = believed, Heard = heard, OnTheWay = rest };
        }

        private IEnumerable<World> Evict(int e)
        {
            if (!Nodes[e].Has) yield break;
            for (var i = 0; i < Count; i++)
            {
                if (i == e || (i < Evictors && Rules.KeepersOnly) || Believed[(e * Count) + i] is not { Knows: true, Lacks: false }) continue;
                yield return With(e, Nodes[e] with { Has = false, HasDurably = false }) with { Relied = !Nodes[i].HasDurably };
            }
        }

        private World With(int i, Node node)
        {
            var nodes = (Node[])Nodes.Clone();
            nodes[i] = node;
            return this with { Nodes = nodes };
        }

        public string Code()
        {
            var code = new System.Text.StringBuilder().Append(Words);
            foreach (var node in Nodes)
                code.Append((char)('0' + (node.Knows ? 8 : 0) + (node.Has ? 4 : 0) + (node.KnowsDurably ? 2 : 0) + (node.HasDurably ? 1 : 0)));
            for (var i = 0; i < Believed.Length; i++)
                code.Append((char)('0' + (Believed[i].Knows ? 2 : 0) + (Believed[i].Lacks ? 1 : 0) + (Heard[i] * 4)));
            foreach (var (from, to, word, number) in OnTheWay.Order(Comparer<Message>.Create(static (a, b) => (a.To, a.From, a.Number).CompareTo((b.To, b.From, b.Number)))))
                code.Append((char)('0' + from + (to * Count))).Append((char)('0' + (word.Knows ? 2 : 0) + (word.Lacks ? 1 : 0) + (number * 4)));
            return code.ToString();
        }
    }
}
