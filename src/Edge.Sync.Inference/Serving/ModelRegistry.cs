using System.Diagnostics.CodeAnalysis;
using Edge.Sync.Inference.Serving;

namespace Edge.Sync.Inference;

/// <summary>The models of an <see cref="EdgeInference"/> by name, for pipelines that name one: <c>Model("press-ae")</c>. Safe for several threads.</summary>
public sealed partial class ModelRegistry
{
    private readonly ModelHost _host;
    private readonly Dictionary<string, ModelSlot> _slots = new(StringComparer.Ordinal);

    internal ModelRegistry(ModelHost host) => _host = host;

    /// <summary>The slot of a model, which is made where there is none yet.</summary>
    public ModelSlot this[string name]
    {
        get
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            lock (_slots)
            {
                if (!_slots.TryGetValue(name, out var slot))
                    _slots.Add(name, slot = _host.CreateSlot(name));
                return slot;
            }
        }
    }

    /// <summary>Puts a version of a model in place, for all pipelines that name it. See <see cref="ModelSlot.Serve"/>.</summary>
    /// <exception cref="EdgeModelException">It cannot be loaded or does not fit. What served before serves on.</exception>
    public ServedModel Serve(ModelContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return this[content.Name].Serve(content);
    }

    /// <summary>Lets the last good version of a model serve again. See <see cref="ModelSlot.RollBack"/>.</summary>
    public ServedModel RollBack(string name) => this[name].RollBack();

    /// <summary>The slot of a model, where there is one.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out ModelSlot? slot)
    {
        lock (_slots)
            return _slots.TryGetValue(name, out slot);
    }

    /// <summary>All slots, in the order of their names.</summary>
    public IReadOnlyList<ModelSlot> ToList()
    {
        lock (_slots)
            return [.. _slots.Values.OrderBy(static slot => slot.Name, StringComparer.Ordinal)];
    }
}
