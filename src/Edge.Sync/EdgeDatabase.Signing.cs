namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    /// <summary>Signs a statement with this device's key, so that others can tell who made it and that it is whole.</summary>
    /// <param name="purpose">What kind of statement it is, such as <c>my-app/recipe</c>: a signature for one purpose is none for another.</param>
    /// <param name="statement">The bytes to sign; one byte string per meaning, or two signatures may cover one statement.</param>
    /// <param name="cancellationToken">Ends the wait for a key that takes its time.</param>
    public async Task<DeviceSignature> SignAsync(string purpose, ReadOnlyMemory<byte> statement, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(purpose);
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        return await DeviceSignature.SignAsync(opened.Key, purpose, statement, cancellationToken).ConfigureAwait(false);
    }
}
