namespace Edge.Sync.Inference;

// Models that travel with the database.
public sealed partial class ModelRegistry
{
    private readonly ModelCatalog? _catalog;

    /// <summary>Where versions come from; set once, by what makes this.</summary>
    internal ModelCatalog Catalog
    {
        get => _catalog ?? throw new InvalidOperationException("There is no database behind this. Make it by EdgeInference.Create(database).");
        init => _catalog = value;
    }

    /// <summary>Publishes a version: stores its file in pieces, then its manifest, signed with this device's key. Nothing serves it before it is rolled out.</summary>
    /// <remarks>The model is opened once beforehand, so what cannot run is not published. To publish the same again does nothing. About 1.4 bytes are stored for each byte of the file.</remarks>
    /// <param name="name">The model's name, 1 to 256 characters.</param>
    /// <param name="onnx">The <c>.onnx</c> file; read to its end and left open.</param>
    /// <param name="manifest">What is to be said about it.</param>
    /// <param name="cancellationToken">Stops between two pieces; a later call goes on where this one ended.</param>
    /// <exception cref="EdgeModelException">The model cannot be opened, is too large, is below the floor, or its version is taken by another file.</exception>
    public Task<ModelVersion> PublishAsync(string name, Stream onnx, ModelManifest manifest, CancellationToken cancellationToken = default) =>
        Catalog.PublishAsync(name, onnx, manifest, cancellationToken);

    /// <summary>The versions of a model that are here and whole in what their manifests say, lowest first. Versions that are refused are not among them: see <see cref="VerifyAsync"/>.</summary>
    public Task<IReadOnlyList<ModelVersion>> ListAsync(string name, CancellationToken cancellationToken = default) => Catalog.ListAsync(name, cancellationToken);

    /// <summary>Checks every version of a model that is here, with all its bytes, and says of each what is wrong, or that a part has not arrived.</summary>
    public Task<IReadOnlyList<EdgeModelException>> VerifyAsync(string name, CancellationToken cancellationToken = default) => Catalog.VerifyAsync(name, cancellationToken);

    /// <summary>The bytes of a version's file, checked against its manifest; and the manifest against floor and expiry.</summary>
    /// <exception cref="EdgeModelException">A piece has not arrived or is not what was signed, or the version may not be loaded any more.</exception>
    public Task<ReadOnlyMemory<byte>> ReadAsync(ModelVersion version, CancellationToken cancellationToken = default) => Catalog.ReadAsync(version, cancellationToken);

    /// <summary>Decides that a version reaches the fleet by a plan. What was decided against it before, and is known here, is overridden.</summary>
    /// <remarks>Every device that follows the model serves it when its turn comes; see <see cref="FollowAsync"/>. A rollback that had not been heard of here wins over this.</remarks>
    /// <exception cref="EdgeModelException">The version is below the floor or has expired.</exception>
    public Task<RolloutStatus> RollOutAsync(ModelVersion version, RolloutPlan? plan = null, CancellationToken cancellationToken = default) => Catalog.RollOutAsync(version, plan, cancellationToken);

    /// <summary>Takes back the version on its way; where there is none, the stable one, so that the one before it serves again. Works offline: that one is here.</summary>
    /// <param name="name">The model.</param>
    /// <param name="reason">For people; it travels.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">Nothing is rolled out.</exception>
    public Task<RolloutStatus> RollBackAsync(string name, string reason = "taken back by hand", CancellationToken cancellationToken = default) => Catalog.RollBackAsync(name, reason, cancellationToken);

    /// <summary>Where a model's rollout stands, by all that this replica knows.</summary>
    public Task<RolloutStatus> GetRolloutAsync(string name, CancellationToken cancellationToken = default) => Catalog.StatusAsync(name, cancellationToken);

    /// <summary>
    /// Serves whatever the rollouts of a model give this device, from now on: loads what arrives, computes in the shadow, reports what it sees, and goes forward or
    /// back. What cannot be loaded leaves what serves in place.
    /// </summary>
    /// <returns>When the version that is due now, if any, serves. Dispose it to stop following; what serves goes on.</returns>
    public async Task<RolloutFollower> FollowAsync(string name, CancellationToken cancellationToken = default)
    {
        var follower = new RolloutFollower(this[name], Catalog, _host.TimeProvider, _host.ReportEvery);
        try
        {
            await follower.RefreshAsync(cancellationToken).ConfigureAwait(false);
            follower.Start();
            return follower;
        }
        catch
        {
            await follower.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
