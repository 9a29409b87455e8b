using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>Where the mutators of one document put their deltas while an edit callback runs.</summary>
internal interface IDeltaSink
{
    /// <summary>The dot that the next operation will bear.</summary>
    Dot Next { get; }

    /// <summary>The stamp of the change that is being made.</summary>
    HybridTimestamp Stamp { get; }

    /// <summary>Sees a delta before it is joined into <paramref name="before"/>.</summary>
    void Capture(uint fieldId, CrdtState before, Delta delta);

    /// <summary>Takes the delta into the change and moves <see cref="Next"/> past its dots.</summary>
    void Record(uint fieldId, Delta delta);
}
