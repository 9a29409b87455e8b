namespace Edge.Sync;

/// <summary>The cause of an <see cref="EdgeSyncException"/>, for code that acts on it.</summary>
public enum EdgeErrorCode
{
    /// <summary>Bytes from a file or a peer are not what their format says.</summary>
    MalformedData,

    /// <summary>The file is open for writing elsewhere.</summary>
    StorageLocked,

    /// <summary>No room is left on the medium.</summary>
    StorageFull,

    /// <summary>The file or its folder cannot be written.</summary>
    StorageReadOnly,

    /// <summary>The folder does not exist, or the file cannot be reached.</summary>
    StorageUnreachable,

    /// <summary>The medium reported an error, or SQLite found its file damaged.</summary>
    StorageDamaged,

    /// <summary>The file is not an Edge.Sync database.</summary>
    NotADatabase,

    /// <summary>The file was written by a newer version of Edge.Sync.</summary>
    NewerFormat,

    /// <summary>The file belongs to another database: its name or pairing key differs.</summary>
    OtherDatabase,

    /// <summary>A peer speaks another protocol, or another version of it.</summary>
    ProtocolMismatch,

    /// <summary>Two different changes bear one name: a file was copied or rolled back, and both copies wrote.</summary>
    ForkedFeed,

    /// <summary>A size, depth or count is over its limit.</summary>
    LimitExceeded,

    /// <summary>A model cannot be loaded or does not fit its pipeline.</summary>
    InvalidModel,

    /// <summary>A link cannot be opened.</summary>
    LinkFaulted,

    /// <summary>A change from a peer does not bear its owner's seal: it was altered on the way, or made up.</summary>
    InvalidSeal,

    /// <summary>The file's own feed began under another device key.</summary>
    OtherDeviceKey,

    /// <summary>A version that this replica has never held, or that no replica can hold.</summary>
    UnknownVersion,

    /// <summary>More edits wait for the writer than <c>EdgeDatabaseOptions.PendingEditsMax</c> allows.</summary>
    TooManyPending,

    /// <summary>The document was purged: erased for good, everywhere.</summary>
    DocumentPurged,

    /// <summary>Parts of the document are absent here: it was evicted, or came from a peer that lacks them. Fetch it.</summary>
    DocumentIncomplete,

    /// <summary>The document was forgotten: its keys are destroyed, and it stays absent for good.</summary>
    DocumentForgotten,

    /// <summary>Keys are missing: those of a document, which peers may have, or the whole key file beside a database.</summary>
    KeysMissing,

    /// <summary>A document cannot be forgotten, since parts of it were written without encryption.</summary>
    DocumentNotEncrypted,

    /// <summary>A document cannot be evicted: it has changes of this replica that no keeper has acknowledged so far. Sync, then try again.</summary>
    UnsentChanges,

    /// <summary>A document cannot be evicted: no replica that keeps everything is known to hold all of it.</summary>
    NoKeeper,

    /// <summary>Nothing can be evicted from this file: it was made as one that keeps everything, and others rely on that.</summary>
    FileKeepsAll,

    /// <summary>A document cannot be fetched: no peer is connected.</summary>
    NoPeer,

    /// <summary>A document cannot be fetched: the peers that are connected lack parts of it too.</summary>
    DocumentUnavailable,

    /// <summary>A section from a peer is not what its change's author wrote.</summary>
    FalseSection,

    /// <summary>A projection of the app's has thrown, and is stopped.</summary>
    ProjectionFailed,

    /// <summary>A named subscription is being read already.</summary>
    SubscriptionInUse,

    /// <summary>A hub does not know this device: its token is missing, wrong or has expired.</summary>
    LinkUnauthenticated,

    /// <summary>A hub knows this device and does not let it in.</summary>
    LinkForbidden,

    /// <summary>A hub has no endpoint at that path.</summary>
    LinkNotFound,

    /// <summary>A value that only one document may have is borne by another.</summary>
    NameTaken,

    /// <summary>The file was written by a preview, before the first version of Edge.Sync whose files stay readable.</summary>
    OlderFormat,
}
