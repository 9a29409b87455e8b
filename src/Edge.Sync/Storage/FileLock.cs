namespace Edge.Sync.Storage;

/// <summary>
/// Makes this process the only writer of a database file, by an operating-system lock on a side file. The system takes it back when the process ends, however it ends.
/// </summary>
internal sealed class FileLock : IDisposable
{
    // On Unix the result of an IOException is the error number, which these two systems share; on Windows it is an HRESULT.
    private const int NoSpace = 28, ReadOnlyFileSystem = 30, DiskFull = unchecked((int)0x80070070);

    private readonly FileStream _stream;

    private FileLock(FileStream stream) => _stream = stream;

    /// <exception cref="EdgeStorageException">Another process, or another database object of this one, has the file open; or the folder cannot be written.</exception>
    public static FileLock Acquire(string path)
    {
        // A link and its target are one file, and get one lock.
        var lockPath = ((File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null) ?? path) + ".lock";
        try
        {
            return new(new(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1));
        }
        catch (DirectoryNotFoundException e)
        {
            throw new EdgeStorageException(EdgeErrorCode.StorageUnreachable, path, $"The folder of '{path}' does not exist. Create it first.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new EdgeStorageException(EdgeErrorCode.StorageReadOnly, path, $"'{lockPath}' cannot be written. Check the permissions of the file and its folder.", e);
        }
        catch (IOException e) when (e.HResult == ReadOnlyFileSystem)
        {
            throw new EdgeStorageException(EdgeErrorCode.StorageReadOnly, path, $"'{lockPath}' cannot be written: its medium is read-only. Check the permissions of the file and its folder, or choose another one.", e);
        }
        catch (IOException e) when (e.HResult is NoSpace or DiskFull)
        {
            throw new EdgeStorageException(EdgeErrorCode.StorageFull, path, $"'{lockPath}' cannot be made: the disk is full. Make room and try again.", e);
        }
        catch (IOException e) when (File.Exists(lockPath))
        {
            throw new EdgeStorageException(EdgeErrorCode.StorageLocked, path, $"'{path}' is open for writing elsewhere: one file is one replica and has one writer. Close the other one, or give this one a file of its own.", e);
        }
        catch (IOException e)
        {
            throw new EdgeStorageException(EdgeErrorCode.StorageUnreachable, path, $"'{lockPath}' cannot be made: {e.Message}", e);
        }
    }

    // The side file stays: deleting it would let a third process lock a new one while a second waits for the old.
    public void Dispose() => _stream.Dispose();
}
