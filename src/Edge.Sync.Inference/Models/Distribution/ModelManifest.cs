namespace Edge.Sync.Inference;

/// <summary>What a publisher says about a version of a model. It is signed with the model's digest, so neither can be changed or exchanged on the way.</summary>
/// <param name="Version">The version, greater than 0. It grows: a device refuses what is below the highest <see cref="VersionFloor"/> it has seen.</param>
/// <param name="FeatureSet">The name, or the hash, of how the features are made. A pipeline that names another one (<see cref="FeatureStage{T, TKey}.Named"/>) refuses the version. Empty: nothing is said.</param>
public sealed record ModelManifest(long Version, string FeatureSet = "")
{
    /// <summary>No version of this model below this one is loaded any more, whoever rolls it out: for versions that must never run again.</summary>
    /// <value>The default, 0, forbids none. At most <see cref="Version"/>.</value>
    public long VersionFloor { get; init; }

    /// <summary>After this instant the version is not loaded any more; what runs goes on.</summary>
    /// <value>The default, null, is never.</value>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>How scores were spread when the model was trained: what drift is measured against.</summary>
    /// <value>The default, null, is unknown.</value>
    public ScoreHistogram? Scores { get; init; }
}
