using Edge.Sync.Log;
using Edge.Sync.Storage;
using Edge.Sync.Trust.Content;
using Edge.Sync.Verification;

namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    /// <summary>What the file holds, by class of bytes and by collection. Reads all of its tables once; edits go on meanwhile.</summary>
    public async Task<StorageReport> GetStorageAsync(CancellationToken cancellationToken = default)
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        var report = await _scheduler.RunAsync(() => opened.Readers.Use(connection => StorageReader.Read(connection, _options.Path)), cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _storage, report);
        return report;
    }

    /// <summary>What of the log everybody has seen, so that it could be folded, and who holds back the rest: over all, and for each collection. Reads the log twice; edits go on meanwhile.</summary>
    /// <param name="progress">Gets the number of changes that were read, every 10,000; it starts again with each reading.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<FoldingReport> GetFoldingAsync(IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        return await _scheduler.RunAsync(() => opened.Readers.Use(connection => FoldingReader.Read(connection, _options.Path, progress, cancellationToken)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Proves the whole file, as of now: recomputes every id of the log from its bytes and its past, folds the log again from nothing, and compares all documents,
    /// indexes and SQL tables with that. Reads only; edits go on meanwhile. Memory is bounded; the time is that of reading the log, for each 50,000 documents once.
    /// </summary>
    /// <param name="progress">Gets the number of changes that were read, every 10,000; it starts again with each part.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<VerificationReport> VerifyAsync(IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        return await _scheduler.RunAsync(() => opened.Readers.Use(connection => Verifier.Verify(connection, _options.Path, opened.Replica.Keys, progress, cancellationToken)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As <see cref="VerifyAsync(IProgress{long}?, CancellationToken)"/>, of a file that need not be open, by whatever name its database has. The file is not changed.</summary>
    /// <exception cref="EdgeStorageException">It does not exist, or is no Edge.Sync database, or of a newer version.</exception>
    public static Task<VerificationReport> VerifyAsync(string path, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Task.Run(() =>
        {
            using var keys = new KeyRing(SqliteKeyStore.Open(path, isReadOnly: true));
            return ReadOnlyFile.Use(path, connection => Verifier.Verify(connection, path, keys, progress, cancellationToken));
        }, cancellationToken);
    }

    /// <summary>
    /// Copies the database into a new file while it is in use. The copy opens as a replica of its own, with all that was committed when the copying began: it may be restored
    /// beside its original, on as many devices as you like. The device key that is kept in the file is not in the copy: it makes its own.
    /// Keys of documents are copied beside it, into <c>path.keys</c>: keep only the newest of these, and what was forgotten meanwhile cannot be read in any older copy.
    /// </summary>
    /// <param name="path">The new file; its folder exists.</param>
    /// <param name="cancellationToken">Ends the wait; a copy that has begun is finished.</param>
    /// <exception cref="EdgeStorageException">The copy could not be made: the file exists already, there is no room. No part of it is left.</exception>
    public async Task BackupAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        using var copy = await _scheduler.RunAsync(() => opened.Readers.Use(connection => SqliteCopy.Start(connection, path)), CancellationToken.None).ConfigureAwait(false);
        var seals = await Seal.SignAsync(opened.Key, opened.DatabaseId, copy.Unsealed(), cancellationToken).ConfigureAwait(false);
        // A copy may tell peers what it holds. All of that must be on this device's medium first, or a power cut here would give its dots away twice.
        await opened.Writer.RunAloneAsync(static replica => { replica.Store.Sync([]); return true; }, CancellationToken.None).ConfigureAwait(false);
        await _scheduler.RunAsync(() =>
        {
            copy.Detach(seals, opened.Replica.Keys.Collections);
            // After the copy was taken: it holds no section whose key is made later.
            opened.Replica.Keys.CopyTo(SqliteKeyStore.PathOf(path));
            copy.Publish();
            return true;
        }, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Makes all that follows from the log again: documents, indexes, SQL tables; and removes points of series that are damaged, since nothing can make them again. For a file whose log is sound and the rest is not; edits wait meanwhile.</summary>
    /// <exception cref="EdgeStorageException">The log itself is damaged, or there is no room: nothing was changed. Close the database and repair the file.</exception>
    public async Task RepairAsync(CancellationToken cancellationToken = default)
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        await opened.Writer.RunAloneAsync(static replica => { replica.RebuildAll(); return true; }, cancellationToken).ConfigureAwait(false);
        await opened.Writer.RunAloneAsync(_ => opened.Series.RemoveDamaged(), cancellationToken).ConfigureAwait(false);
        _feeds.OnRebuilt();
    }

    /// <summary>
    /// Makes a sound file of a damaged one, which must not be open. Every change whose bytes and whole past are intact is saved, unsent ones with the rest, even where SQLite cannot read
    /// the file any more; all else is made again from them. The damaged file is kept.
    /// </summary>
    /// <remarks>The repaired file is a new replica: damage may have taken the newest changes after peers had seen them, and going on under the old name would give their places to others.</remarks>
    /// <exception cref="EdgeStorageException">It does not exist, is in use, has nothing of Edge.Sync in it, or there is no room beside it. It was left as it is.</exception>
    public static Task<RepairReport> RepairAsync(string path, RepairOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Task.Run(() => Salvage.Run(path, options ?? new(), TimeProvider.System, EdgeRandom.System, cancellationToken), cancellationToken);
    }
}
