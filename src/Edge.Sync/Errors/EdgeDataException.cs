namespace Edge.Sync;

/// <summary>Bytes from a file or a peer are malformed, or over a limit. Nothing was changed by them.</summary>
public sealed class EdgeDataException : EdgeSyncException
{
    internal EdgeDataException(string message, string field, long offset = -1, EdgeErrorCode code = EdgeErrorCode.MalformedData, Exception? innerException = null)
        : base(code, message, innerException) => (Field, Offset) = (field, offset);

    /// <summary>The part of the format that was being read, such as <c>header.count</c>.</summary>
    public string Field { get; }

    /// <summary>Where in the input reading stopped, in bytes; -1 where that is not known.</summary>
    public long Offset { get; }
}
