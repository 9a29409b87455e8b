using Edge.Sync.Inference.Backends;

namespace Edge.Sync.Inference.Serving;

/// <summary>A pipeline, as the slot of its model sees it.</summary>
internal interface IModelUser
{
    /// <summary>When it last asked its model: a timestamp of the clock.</summary>
    long LastUsed { get; }

    /// <summary>Prepares a version: checks that it fits, makes buffers, warms it up. Nothing is served by it yet.</summary>
    /// <exception cref="EdgeModelException">It does not fit, answers no finite number, or is too slow.</exception>
    ModelBinding Bind(ModelContent content, ILoadedModel model);

    /// <summary>Serves by another version from the next inference on, after the one that runs. Null: by none, until it is loaded again.</summary>
    /// <returns>What served until now; the caller disposes it.</returns>
    ModelBinding? Swap(ModelBinding? next, SwapReason reason);

    /// <summary>Computes a sample of inferences by another version too, which has no say. Null: no longer.</summary>
    /// <returns>What was computed so until now; the caller disposes it.</returns>
    ModelBinding? SetShadow(ModelBinding? next, VersionTrial? trial);
}
