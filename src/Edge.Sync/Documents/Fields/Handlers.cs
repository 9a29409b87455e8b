using System.Collections.Specialized;
using System.ComponentModel;

namespace Edge.Sync.Documents;

/// <summary>Calls the handlers of events of live objects, each by itself: one that throws keeps no other from being called.</summary>
internal static class Handlers
{
    public static readonly NotifyCollectionChangedEventArgs Reset = new(NotifyCollectionChangedAction.Reset);

    public static readonly PropertyChangedEventArgs Value = new("Value");

    /// <returns>What the first one threw that did; null where none did.</returns>
    public static Exception? Call(PropertyChangedEventHandler? handlers, object sender, PropertyChangedEventArgs args)
    {
        Exception? first = null;
        foreach (var handler in Delegate.EnumerateInvocationList(handlers))
        {
            try { handler(sender, args); }
            catch (Exception e) when (e is not OutOfMemoryException) { first ??= e; }
        }
        return first;
    }

    /// <inheritdoc cref="Call(PropertyChangedEventHandler?, object, PropertyChangedEventArgs)"/>
    public static Exception? Call(NotifyCollectionChangedEventHandler? handlers, object sender, NotifyCollectionChangedEventArgs args)
    {
        Exception? first = null;
        foreach (var handler in Delegate.EnumerateInvocationList(handlers))
        {
            try { handler(sender, args); }
            catch (Exception e) when (e is not OutOfMemoryException) { first ??= e; }
        }
        return first;
    }
}
