using System.Buffers;
using Edge.Sync.Causality;
using Edge.Sync.Crdts;
using Edge.Sync.Wire;

namespace Edge.Sync.Tests.Crdts.Sequences;

/// <summary>Replicas that edit at random and hear of each other's edits in causal order, otherwise at random. All from one seed.</summary>
internal sealed class TextHistory
{
    public sealed class Replica(ReplicaId id)
    {
        public ReplicaId Id { get; } = id;
        public TextState Text { get; set; } = new();
        public FugueModel Model { get; } = new();
        public int[] Seen { get; set; } = [];
        public ulong Counter { get; set; }
    }

    /// <summary>An edit: its author's number, how many edits of each replica its author had seen, and its bytes.</summary>
    public sealed record Edit(int Author, int[] Seen, Dot First, byte[] Bytes, ReplicaId[] Table);

    private static readonly string[] s_words = ["a", "b", "xyz", "hello ", "\U0001F600", "é", "\U0001F468\u200D\U0001F469", "𝒜b"];

    private readonly Random _random;
    private readonly int _counterGapMax;

    public TextHistory(int seed, int replicaCount, int counterGapMax)
    {
        _random = new(seed);
        _counterGapMax = counterGapMax;
        for (var i = 0; i < replicaCount; i++)
        {
            // Ids in no particular order, so that the order of numbers and the order of ids differ.
            Replicas.Add(new(new ReplicaId((ulong)_random.NextInt64(), (ulong)i)) { Seen = new int[replicaCount] });
            Edits.Add([]);
        }
    }

    public List<Replica> Replicas { get; } = [];

    /// <summary>The edits of each replica, in order.</summary>
    public List<List<Edit>> Edits { get; } = [];

    public IEnumerable<Edit> AllEdits => Edits.SelectMany(e => e);

    public void Run(int steps, bool withModel = true)
    {
        for (var i = 0; i < steps; i++)
        {
            var number = _random.Next(Replicas.Count);
            if (_random.Next(3) == 0) Receive(Replicas[number], withModel);
            else EditOnce(number, withModel);
        }
    }

    public void DeliverAll(bool withModel = true)
    {
        foreach (var replica in Replicas)
            while (Receive(replica, withModel)) { }
    }

    /// <summary>One replica more, which gets all edits in some causal order.</summary>
    public TextState Replay(int seed)
    {
        var random = new Random(seed);
        var text = new TextState();
        var seen = new int[Replicas.Count];
        while (Ready(seen, random) is { } edit)
        {
            text.Join(Decode(edit), default);
            seen[edit.Author]++;
        }
        return text;
    }

    public static TextDelta Decode(Edit edit)
    {
        var reader = new WireReader(edit.Bytes, edit.Table);
        var delta = TextDelta.Read(edit.First, ref reader);
        reader.ReadEnd("delta");
        return delta;
    }

    public static byte[] Encode(Delta delta, out ReplicaId[] table)
    {
        var replicas = new ReplicaTable();
        replicas.IndexOf(delta.First.Replica);
        var output = new ArrayBufferWriter<byte>();
        var writer = new WireWriter(output, replicas);
        delta.Write(ref writer);
        writer.Flush();
        table = [.. replicas.Replicas];
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Encode(TextState text, out ReplicaId[] table) => Encode(text, isCompact: false, out table);

    public static byte[] EncodeCompact(TextState text, out ReplicaId[] table) => Encode(text, isCompact: true, out table);

    private static byte[] Encode(TextState text, bool isCompact, out ReplicaId[] table)
    {
        var replicas = new ReplicaTable();
        text.CollectReplicas(replicas);
        replicas.Sort();
        var output = new ArrayBufferWriter<byte>();
        var writer = new WireWriter(output, replicas);
        if (isCompact) text.WriteCompact(ref writer);
        else text.Write(ref writer);
        writer.Flush();
        table = [.. replicas.Replicas];
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Encode(TextState text) => Encode(text, out _);

    public static TextState DecodeState(byte[] bytes, ReplicaId[] table)
    {
        var reader = new WireReader(bytes, table);
        var text = TextState.Read(ref reader);
        reader.ReadEnd("text");
        return text;
    }

    private void EditOnce(int number, bool withModel)
    {
        var replica = Replicas[number];
        var first = new Dot(replica.Id, replica.Counter + 1 + (ulong)_random.Next(_counterGapMax + 1));
        var delta = RandomDelta(replica, first);
        if (withModel && delta.Text.Length > 0)
        {
            var index = _lastIndex;
            Assert.Equal(replica.Model.ParentAt(index), (delta.Parent, delta.IsLeftChild));
        }
        var bytes = Encode(delta, out var table);
        var edit = new Edit(number, [.. replica.Seen], delta.First, bytes, table);
        Edits[number].Add(edit);
        replica.Counter = first.Counter + (ulong)delta.DotCount;
        // One half of the edits goes the quick way, which must make the same bytes.
        if (_random.Next(2) == 0) ApplyAtOnce(replica, edit, delta, withModel);
        else Apply(replica, edit, withModel);
    }

    private int _lastIndex;
    private int _lastCount;

    private TextDelta RandomDelta(Replica replica, Dot first)
    {
        var text = replica.Text.ToString();
        // Mostly near the last edit, as people type; deletions backwards as often as forwards.
        var index = _random.Next(3) == 0 ? _random.Next(text.Length + 1) : Math.Clamp(_lastIndex + _random.Next(-1, 3), 0, text.Length);
        index = Outside(text, index);
        if (text.Length > 0 && _random.Next(5) < 2)
        {
            var end = Outside(text, Math.Clamp(index + _random.Next(-3, 6), 0, text.Length));
            if (end != index)
            {
                (_lastIndex, _lastCount) = (Math.Min(index, end), Math.Abs(end - index));
                return replica.Text.Delete(first, _lastIndex, _lastCount);
            }
        }
        var word = s_words[_random.Next(s_words.Length)];
        _lastIndex = index;
        var delta = replica.Text.Insert(first, index, word);
        return delta;
    }

    private bool Receive(Replica replica, bool withModel)
    {
        if (Ready(replica.Seen, _random) is not { } edit) return false;
        Apply(replica, edit, withModel);
        return true;
    }

    private Edit? Ready(int[] seen, Random random)
    {
        var start = random.Next(Replicas.Count);
        for (var i = 0; i < Replicas.Count; i++)
        {
            var author = (start + i) % Replicas.Count;
            if (seen[author] == Edits[author].Count) continue;
            var edit = Edits[author][seen[author]];
            var isReady = true;
            for (var j = 0; j < seen.Length; j++)
                isReady &= edit.Seen[j] <= seen[j];
            if (isReady) return edit;
        }
        return null;
    }

    private void ApplyAtOnce(Replica replica, Edit edit, TextDelta delta, bool withModel)
    {
        var made = delta.Text.Length > 0
            ? replica.Text.InsertAndJoin(delta.First, _lastIndex, delta.Text)
            : replica.Text.DeleteAndJoin(delta.First, _lastIndex, _lastCount);
        Assert.Equal(delta.DotCount, made.DotCount);
        Assert.Equal(edit.Bytes, Encode(made.ToDelta(), out _));
        var replicas = new ReplicaTable();
        replicas.IndexOf(delta.First.Replica);
        var output = new ArrayBufferWriter<byte>();
        var writer = new WireWriter(output, replicas);
        made.Write(ref writer);
        writer.Flush();
        Assert.Equal(edit.Bytes, output.WrittenSpan.ToArray());
        Assert.Equal(edit.Table, replicas.Replicas);
        if (withModel) replica.Model.Join(delta);
        replica.Seen[edit.Author]++;
    }

    private static void Apply(Replica replica, Edit edit, bool withModel)
    {
        var delta = Decode(edit);
        replica.Text.Join(delta, default);
        if (withModel) replica.Model.Join(delta);
        replica.Seen[edit.Author]++;
    }

    private static int Outside(string text, int index) => index > 0 && index < text.Length && char.IsLowSurrogate(text[index]) ? index - 1 : index;
}
