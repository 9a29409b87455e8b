using Edge.Sync.Inference.Serving;

namespace Edge.Sync.Inference;

// A version in the shadow of the one that serves, and the counts of versions that are tried out.
public sealed partial class ModelSlot
{
    private ILoadedModel? _shadow;
    private ModelContent? _shadowContent;
    private VersionTrial? _shadowTrial;
    private VersionTrial? _trial;

    /// <summary>The trial whose version may be serving; pipelines count into it.</summary>
    internal VersionTrial? Trial
    {
        get => Volatile.Read(ref _trial);
        set => Volatile.Write(ref _trial, value);
    }

    /// <summary>The trial in the shadow.</summary>
    internal VersionTrial? ShadowTrial => Volatile.Read(ref _shadowTrial);

    /// <summary>Computes a sample of inferences by another version too. It is opened and warmed up for every pipeline first.</summary>
    /// <exception cref="EdgeModelException">It cannot be loaded or does not fit; nothing has changed.</exception>
    internal void SetShadow(ModelContent content, VersionTrial trial)
    {
        lock (_host.Gate)
        {
            var model = _host.Load(content, this);
            var bindings = BindAll(content, model);
            for (var i = 0; i < bindings.Count; i++)
                _users[i].SetShadow(bindings[i], trial)?.Dispose();
            _shadow?.Dispose();
            (_shadow, _shadowContent) = (model, content);
            Volatile.Write(ref _shadowTrial, trial);
        }
    }

    internal void ClearShadow()
    {
        lock (_host.Gate)
            DropShadow();
    }

    private void AttachShadow(IModelUser user)
    {
        if (_shadow is { } model && _shadowContent is { } content)
            user.SetShadow(user.Bind(content, model), _shadowTrial);
    }

    private void DropShadow()
    {
        foreach (var user in _users)
            user.SetShadow(null, null)?.Dispose();
        _shadow?.Dispose();
        (_shadow, _shadowContent) = (null, null);
        Volatile.Write(ref _shadowTrial, null);
    }
}
