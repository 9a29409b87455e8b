namespace Edge.Sync.Tests.Documents.Types;

/// <summary>Maps in each other, 16 deep and 17 deep.</summary>
[EdgeDocument("deep")]
public partial class DeepMaps
{
    public partial ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, int>>>>>>>>>>>>>>>> Deepest { get; }
    public partial ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, ReplicatedMap<bool, int>>>>>>>>>>>>>>>>> TooDeep { get; }
}
