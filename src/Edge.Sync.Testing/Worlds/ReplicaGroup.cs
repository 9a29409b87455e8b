using System.Collections;

namespace Edge.Sync.Testing;

/// <summary>Replicas in the order in which they were named; may be taken apart: <c>var (alice, bob) = …</c>.</summary>
public sealed class ReplicaGroup : IReadOnlyList<SimulatedReplica>
{
    private readonly SimulatedReplica[] _replicas;

    internal ReplicaGroup(SimulatedReplica[] replicas) => _replicas = replicas;

    /// <inheritdoc/>
    public int Count => _replicas.Length;

    /// <inheritdoc/>
    public SimulatedReplica this[int index] => _replicas[index];

    /// <summary>Takes two replicas apart.</summary>
    /// <exception cref="InvalidOperationException">There are more or fewer.</exception>
    public void Deconstruct(out SimulatedReplica first, out SimulatedReplica second) => (first, second) = (Of(2)[0], _replicas[1]);

    /// <summary>Takes three replicas apart.</summary>
    /// <exception cref="InvalidOperationException">There are more or fewer.</exception>
    public void Deconstruct(out SimulatedReplica first, out SimulatedReplica second, out SimulatedReplica third) => (first, second, third) = (Of(3)[0], _replicas[1], _replicas[2]);

    /// <summary>Takes four replicas apart.</summary>
    /// <exception cref="InvalidOperationException">There are more or fewer.</exception>
    public void Deconstruct(out SimulatedReplica first, out SimulatedReplica second, out SimulatedReplica third, out SimulatedReplica fourth) =>
        (first, second, third, fourth) = (Of(4)[0], _replicas[1], _replicas[2], _replicas[3]);

    /// <summary>Takes five replicas apart.</summary>
    /// <exception cref="InvalidOperationException">There are more or fewer.</exception>
    public void Deconstruct(out SimulatedReplica first, out SimulatedReplica second, out SimulatedReplica third, out SimulatedReplica fourth, out SimulatedReplica fifth) =>
        (first, second, third, fourth, fifth) = (Of(5)[0], _replicas[1], _replicas[2], _replicas[3], _replicas[4]);

    /// <inheritdoc/>
    public IEnumerator<SimulatedReplica> GetEnumerator() => ((IEnumerable<SimulatedReplica>)_replicas).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private SimulatedReplica[] Of(int count) => _replicas.Length == count ? _replicas : throw new InvalidOperationException($"There are {_replicas.Length} replicas, and {count} were asked for.");
}
