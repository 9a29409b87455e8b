namespace Edge.Sync;

/// <summary>A model cannot be loaded, does not fit its pipeline, or failed while it ran. The message says what to do; nothing stored is touched.</summary>
public sealed class EdgeModelException : EdgeSyncException
{
    /// <summary>For packages that run models.</summary>
    public EdgeModelException(string model, long? version, string message, Exception? innerException = null)
        : base(EdgeErrorCode.InvalidModel, message, innerException) => (Model, Version) = (model, version);

    /// <summary>The model's name: its file's name without the extension, or the name it was given.</summary>
    public string Model { get; }

    /// <summary>The version that the model says it is; null where it was not read so far, or says none.</summary>
    public long? Version { get; }
}
