using System.Buffers;
using Edge.Sync.Log;
using Edge.Sync.Replication;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Tests.Simulation;

/// <summary>
/// Replicas, their network and their clock in one thread, from one seed. First chaos: edits, loss, duplicates, reordering, partitions, power cuts.
/// Then all is healed, and the world must come to rest with every replica equal and nothing missing that was acknowledged.
/// </summary>
internal sealed class SimulatedWorld
{
    private const int DocumentCount = 6;

    /// <summary>Those from this number on may be purged.</summary>
    private const int KeptCount = 4;

    private readonly SimulationOptions _options;
    private readonly Random _random;
    private readonly FakeTimeProvider _clock = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly SimulatedNode[] _nodes;
    private readonly PriorityQueue<(int From, int To, byte[] Frame), (DateTimeOffset At, int Order)> _network = new();
    private readonly bool[,] _cut;
    private readonly Dictionary<(int Holder, ReplicaId Author), ulong> _acknowledged = [];
    private int _order;
    private bool _healed;

    public SimulatedWorld(SimulationOptions options)
    {
        _options = options;
        _random = new(options.Seed);
        _cut = new bool[options.Replicas, options.Replicas];
        var limits = new SyncLimits { ResendAfter = TimeSpan.FromSeconds(5), BatchBytes = 4 << 10, WindowBytes = 16 << 10, GoneAfter = TimeSpan.FromDays(1), HelloWithin = TimeSpan.FromDays(1) };
        var database = DatabaseId.OfOpen("simulation");
        _nodes = [.. Enumerable.Range(0, options.Replicas).Select(i => new SimulatedNode(i, database, _clock, new SeededRandom(options.Seed * 100 + i), limits))];
        foreach (var node in _nodes)
            ConnectAll(node);
    }

    public int FramesLost { get; private set; }

    public int FramesDuplicated { get; private set; }

    public int Crashes { get; private set; }

    public int Edits { get; private set; }

    public int Purges { get; private set; }

    /// <summary>Edits of purged documents, which say so and write nothing.</summary>
    public int RefusedEdits { get; private set; }

    public int LostEdits => _nodes.Sum(node => node.LostEdits);

    public void Run()
    {
        for (var step = 0; step < _options.Steps; step++)
        {
            if (_random.NextDouble() < 0.5) EditSomewhere();
            if (_random.NextDouble() < _options.PurgePerStep) PurgeSomewhere();
            if (_random.NextDouble() < _options.PartitionPerStep) Partition();
            if (_random.NextDouble() < _options.CrashPerStep) Crash(_nodes[_random.Next(_nodes.Length)]);
            Advance(TimeSpan.FromMilliseconds(_random.Next(1, 800)));
        }
        Heal();
        for (var seconds = 0; seconds < 3_600 && !IsAtRest(); seconds++)
            Advance(TimeSpan.FromSeconds(1));
        AssertConverged();
    }

    private void EditSomewhere()
    {
        var node = _nodes[_random.Next(_nodes.Length)];
        var id = DocumentId.Named($"document {_random.Next(DocumentCount)}");
        var amount = _random.Next(-5, 20);
        var (word, position) = ($"<{node.Number}.{Edits}>", _random.NextDouble());
        var (remove, title) = (_random.NextDouble() < 0.3, _random.NextDouble() < 0.4);
        var isWritten = node.Edit(id, job =>
        {
            job.Minutes.Add(amount);
            if (title) job.Title = word;
            if (remove && job.Parts.Count > 0) job.Parts.Remove(job.Parts.First());
            else job.Parts.Add($"part {_random.Next(6)}");
            if (job.Notes.Length > 30 && remove) job.Notes.Delete((int)(position * (job.Notes.Length - 5)), 5);
            else job.Notes.Insert((int)(position * job.Notes.Length), word);
        }, amount);
        if (isWritten) Edits++;
        else RefusedEdits++;
    }

    private void PurgeSomewhere()
    {
        _nodes[_random.Next(_nodes.Length)].Purge(DocumentId.Named($"document {_random.Next(KeptCount, DocumentCount)}"));
        Purges++;
    }

    private void Partition()
    {
        for (var i = 0; i < _nodes.Length; i++)
            for (var j = 0; j < _nodes.Length; j++)
                _cut[i, j] = _random.NextDouble() < 0.4;
    }

    private void Crash(SimulatedNode node)
    {
        Crashes++;
        node.Crash();
        ConnectAll(node);
        // The peers notice that the connection is gone, and open another.
        foreach (var peer in _nodes)
            if (peer != node) peer.Connect(node.Number);
    }

    private void Heal()
    {
        _healed = true;
        Array.Clear(_cut);
        foreach (var node in _nodes)
            node.Sync();
    }

    private void ConnectAll(SimulatedNode node)
    {
        foreach (var peer in Enumerable.Range(0, _nodes.Length))
            if (peer != node.Number) node.Connect(peer);
    }

    private void Advance(TimeSpan time)
    {
        var end = _clock.GetUtcNow() + time;
        foreach (var node in _nodes)
            Pump(node);
        while (_network.TryPeek(out _, out var due) && due.At <= end)
        {
            if (due.At > _clock.GetUtcNow()) _clock.SetUtcNow(due.At);
            var (from, to, frame) = _network.Dequeue();
            Deliver(from, _nodes[to], frame);
        }
        _clock.SetUtcNow(end);
    }

    private void Deliver(int from, SimulatedNode node, byte[] frame)
    {
        var session = node.Sessions[from];
        session.Tick(_clock.GetUtcNow());
        session.Receive(frame);
        while (session.TryTakeClaims(out var claims))
            Assert.Null(node.Replica.Log.FindFork(claims));
        while (session.TryTakeReceived(out var changes))
        {
            node.Replica.Begin();
            var outcome = node.Replica.Receive(node.Rooms[from], changes);
            node.Replica.Commit();
            Assert.Null(outcome.Refused);
            foreach (var dot in outcome.Known)
                session.OnHeldByPeer(dot);
            session.OnApplied(outcome.AnyEarly, outcome.AnyDuplicate);
        }
        Assert.Null(session.Fault);
        foreach (var dot in session.Acknowledged.ToSortedList())
        {
            var key = (from, dot.Replica);
            if (_acknowledged.GetValueOrDefault(key) < dot.Counter) _acknowledged[key] = dot.Counter;
        }
        Pump(node);
    }

    private void Pump(SimulatedNode node)
    {
        // Devices do not sync their disks all the time: what lies between two syncs is lost by a power cut.
        if (_healed || _random.NextDouble() < _options.DiskSyncPerRound) node.Sync();
        foreach (var (peer, session) in node.Sessions)
        {
            session.Tick(_clock.GetUtcNow());
            session.OnVersion(node.Synced);
            var frame = new ArrayBufferWriter<byte>();
            while (true)
            {
                if (session.TryTakeRead(out var request))
                {
                    var (changes, cursor) = node.Replica.ReadChanges(request);
                    session.Provide(request, changes, cursor);
                }
                frame.ResetWrittenCount();
                if (!session.TryGenerate(frame)) break;
                Send(node.Number, peer, frame.WrittenSpan.ToArray());
            }
        }
    }

    private void Send(int from, int to, byte[] frame)
    {
        if (_cut[from, to] || (!_healed && _random.NextDouble() < _options.Loss)) { FramesLost++; return; }
        Enqueue(from, to, frame);
        if (_healed || _random.NextDouble() >= _options.Duplicate) return;
        FramesDuplicated++;
        Enqueue(from, to, frame);
    }

    private void Enqueue(int from, int to, byte[] frame) =>
        _network.Enqueue((from, to, frame), (_clock.GetUtcNow() + TimeSpan.FromMilliseconds(_random.Next(1, _options.LatencyMsMax)), _order++));

    private bool IsAtRest()
    {
        var first = _nodes[0].Replica.Log.ToVersion(0).Fingerprint;
        return _nodes.All(node => node.Replica.Log.ToVersion(0).Fingerprint == first && node.Sessions.Values.All(session => session.IsEstablished));
    }

    private void AssertConverged()
    {
        var hash = _nodes[0].Replica.ComputeStateHash();
        var rebuilt = _nodes[0].Replica.Rebuild();
        var keys = Enumerable.Range(0, DocumentCount).Select(i => new DocumentKey("job", DocumentId.Named($"document {i}"))).ToArray();
        var purged = keys.Where(_nodes[0].Replica.Store.IsPurged).ToHashSet();
        foreach (var node in _nodes)
        {
            Assert.Equal(_nodes[0].Replica.Log.Held, node.Replica.Log.Held);
            Assert.Equal(hash, node.Replica.ComputeStateHash());
            Assert.Equal(0, node.Replica.VoidCount);
            Assert.Equal(purged, keys.Where(node.Replica.Store.IsPurged).ToHashSet());
            Assert.All(keys, key => Assert.Empty(node.Replica.Store.ReadHoles(key)));
            // Nothing of a purged document is left to be erased.
            foreach (var stored in node.Replica.Store.ReadChanges(0, int.MaxValue))
                Assert.True(Change.Parse(stored.Bytes) is var change && change.Erase(purged.Contains) == change);
            Assert.Equal(rebuilt.Count, node.Replica.ReadDocuments().Count());
            foreach (var (key, state) in node.Replica.ReadDocuments())
                Assert.Equal(Sync.Documents.DocumentCodec.Write(rebuilt[key]), state);
        }
        foreach (var ((holder, author), counter) in _acknowledged)
            Assert.True(_nodes[holder].Replica.Log.Held[author] >= counter, $"Node {holder} acknowledged {author}:{counter} and holds {_nodes[holder].Replica.Log.Held[author]}.");
        AssertCounters(rebuilt, purged);
    }

    // Every edit that survived its own device's power cuts counts exactly once.
    private void AssertCounters(IReadOnlyDictionary<DocumentKey, Sync.Documents.DocumentState> rebuilt, HashSet<DocumentKey> purged)
    {
        var expected = _nodes.SelectMany(node => node.Added.Values).Where(added => !purged.Contains(new("job", added.Document))).GroupBy(added => added.Document).ToDictionary(group => group.Key, group => group.Sum(added => added.Amount));
        Assert.Equal(expected.Count, rebuilt.Count);
        foreach (var (key, state) in rebuilt)
        {
            var counter = state.Fields.Values.OfType<Sync.Crdts.CounterState>().Single();
            Assert.Equal(expected[key.Id], counter.Value);
            foreach (var field in state.Fields.Values)
                field.Check();
        }
    }
}
