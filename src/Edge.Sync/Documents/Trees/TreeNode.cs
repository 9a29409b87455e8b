namespace Edge.Sync;

/// <summary>A node of a <see cref="ReplicatedTree{T}"/> as it stands.</summary>
/// <typeparam name="T">The type of its value.</typeparam>
/// <param name="Id">Its name.</param>
/// <param name="Parent">The node above it; <see cref="NodeId.Root"/> at the top.</param>
/// <param name="Depth">How many nodes are above it: 0 at the top.</param>
/// <param name="Value">What it was created with.</param>
public readonly record struct TreeNode<T>(NodeId Id, NodeId Parent, int Depth, T Value);
