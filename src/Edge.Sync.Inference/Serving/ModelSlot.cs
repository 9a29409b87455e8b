using Edge.Sync.Inference.Serving;

namespace Edge.Sync.Inference;

/// <summary>The place of a model: which version serves, and which one served well before it. Pipelines ask the slot, so versions change under them.</summary>
/// <remarks>
/// A version is opened, checked and warmed up for each pipeline of the slot before any of them serves by it; if that fails, nothing has changed. A pipeline then
/// goes over between two inferences: no reading is lost, none is judged twice, and none by parts of two versions. Safe for several threads; loading happens on the caller's.
/// </remarks>
public sealed partial class ModelSlot
{
    private readonly ModelHost _host;
    private readonly List<IModelUser> _users = [];
    private ModelContent? _content;
    private ModelContent? _lastGood;
    private ILoadedModel? _loaded;
    private long _loadedAt;

    internal ModelSlot(ModelHost host, string name) => (_host, Name) = (host, name);

    /// <summary>The model's name.</summary>
    public string Name { get; }

    /// <summary>The version that serves; null where there is none yet. It may be unloaded just now.</summary>
    public ServedModel? Current { get; private set; }

    /// <summary>The version that served before and would serve again after <see cref="RollBack"/>; null where there is none.</summary>
    public ModelHash? LastGood => _lastGood?.Hash;

    /// <summary>Whether the version that serves is in memory.</summary>
    public bool IsLoaded => Volatile.Read(ref _loaded) is not null;

    /// <summary>Puts a version in place of the one that serves, which becomes the last good one.</summary>
    /// <returns>What serves now.</returns>
    /// <exception cref="EdgeModelException">It cannot be loaded or does not fit. What served before serves on.</exception>
    public ServedModel Serve(ModelContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        lock (_host.Gate)
        {
            var before = _content;
            Load(content, before is null ? SwapReason.Start : SwapReason.Swap);
            if (before is not null && before.Hash != content.Hash)
                _lastGood = before;
            return Current!;
        }
    }

    /// <summary>Lets the last good version serve again. It is kept here, so this needs no network.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    /// <exception cref="EdgeModelException">It cannot be loaded any more.</exception>
    public ServedModel RollBack()
    {
        lock (_host.Gate)
        {
            if (_lastGood is not { } good)
                throw new InvalidOperationException($"The model '{Name}' has no version to go back to: only one has served since the start.");
            Load(good, SwapReason.FallBack);
            _lastGood = null;
            return Current!;
        }
    }

    internal long MemoryBytes => _loaded?.MemoryBytes ?? 0;

    /// <summary>When any of its pipelines last asked it, or it was loaded.</summary>
    internal long LastUsed
    {
        get
        {
            var last = _loadedAt;
            foreach (var user in _users)
                last = Math.Max(last, user.LastUsed);
            return last;
        }
    }

    internal void Attach(IModelUser user)
    {
        lock (_host.Gate)
        {
            if (_content is not { } content)
                throw new EdgeModelException(Name, null, $"No version of the model '{Name}' is here yet. Serve one first: Models.Serve(…), or wait until one has arrived.");
            EnsureLoaded();
            user.Swap(user.Bind(content, _loaded!), SwapReason.Start);
            _users.Add(user);
            AttachShadow(user);
        }
    }

    /// <summary>Takes a pipeline's binding away for good.</summary>
    internal void Detach(IModelUser user)
    {
        lock (_host.Gate)
        {
            if (!_users.Remove(user))
                return;
            user.Swap(null, SwapReason.Unload)?.Dispose();
            user.SetShadow(null, null)?.Dispose();
            if (_users.Count == 0)
                Unload();
        }
    }

    /// <summary>Loads again what was unloaded. Called by a pipeline that has no binding, outside its own lock.</summary>
    internal void EnsureLoaded()
    {
        lock (_host.Gate)
            if (_loaded is null && _content is { } content)
                Load(content, SwapReason.Reload);
    }

    /// <summary>Goes back to the last good version, if <paramref name="broken"/> still serves and there is one.</summary>
    internal void FallBack(ModelBinding broken)
    {
        lock (_host.Gate)
            if (_content?.Hash == broken.Content.Hash && _lastGood is { } good)
                try
                {
                    Load(good, SwapReason.FallBack);
                    _lastGood = null;
                }
                catch (EdgeModelException)
                {
                    // Neither serves well: the one that is loaded goes on, and its faults are counted.
                }
    }

    /// <summary>Gives its memory back until it is asked again.</summary>
    internal void Unload()
    {
        DropShadow();
        foreach (var user in _users)
            user.Swap(null, SwapReason.Unload)?.Dispose();
        _loaded?.Dispose();
        _loaded = null;
    }

    private void Load(ModelContent content, SwapReason reason)
    {
        var model = _host.Load(content, this);
        var bindings = BindAll(content, model);
        for (var i = 0; i < bindings.Count; i++)
            _users[i].Swap(bindings[i], reason)?.Dispose();
        _loaded?.Dispose();
        (_loaded, _content, _loadedAt) = (model, content, _host.TimeProvider.GetTimestamp());
        Current = new(content.Name, content.Version ?? model.Version, content.Hash, model.Place, model.Fallbacks, model.InputWidth, model.OutputWidth, model.MemoryBytes);
        _host.OnLoaded();
    }

    // All or nothing: every pipeline's binding is made before the first goes over.
    private List<ModelBinding> BindAll(ModelContent content, ILoadedModel model)
    {
        var bindings = new List<ModelBinding>(_users.Count);
        try
        {
            foreach (var user in _users)
                bindings.Add(user.Bind(content, model));
            return bindings;
        }
        catch
        {
            foreach (var binding in bindings)
                binding.Dispose();
            model.Dispose();
            throw;
        }
    }
}
