using System.Runtime.InteropServices;
using SQLitePCL;

namespace Edge.Sync.Storage;

/// <summary>
/// The calls that read a column of a row, without what the binding does for each: it counts references of the statement's handle and tells the garbage collector, which takes ten times as long as
/// the call. Of a row of six columns these were a third of the time.
/// </summary>
/// <remarks>
/// They neither block nor call back, so the collector need not know. They are those of the library that the binding itself has loaded, or there are none: two copies of SQLite must never share a statement. Where
/// it is linked statically, and in the browser, the binding is used.
/// </remarks>
internal static unsafe class ColumnCalls
{
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int> s_type;
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, long> s_int64;
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, double> s_real;
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, byte*> s_blob;
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int> s_bytes;

    static ColumnCalls()
    {
        if (!NativeLibrary.TryLoad(raw.GetNativeLibraryName(), typeof(ColumnCalls).Assembly, null, out var library)) return;
        if (!IsThatOfTheBinding(library) || !NativeLibrary.TryGetExport(library, "sqlite3_column_type", out var type) || !NativeLibrary.TryGetExport(library, "sqlite3_column_int64", out var int64)
            || !NativeLibrary.TryGetExport(library, "sqlite3_column_double", out var real) || !NativeLibrary.TryGetExport(library, "sqlite3_column_blob", out var blob)
            || !NativeLibrary.TryGetExport(library, "sqlite3_column_bytes", out var bytes)) return;
        s_type = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int>)type;
        s_int64 = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, long>)int64;
        s_real = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, double>)real;
        s_blob = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, byte*>)blob;
        s_bytes = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int>)bytes;
        ArePossible = true;
    }

    public static bool ArePossible { get; }

    public static int Type(nint statement, int column) => s_type(statement, column);

    public static long Int64(nint statement, int column) => s_int64(statement, column);

    public static double Real(nint statement, int column) => s_real(statement, column);

    /// <summary>Of text its UTF-8. Valid until the statement's next step or reset.</summary>
    public static ReadOnlySpan<byte> Blob(nint statement, int column)
    {
        var blob = s_blob(statement, column);
        return new(blob, blob is null ? 0 : s_bytes(statement, column));
    }

    /// <summary>Whether both give one constant of one place in memory, and so are one library.</summary>
    private static bool IsThatOfTheBinding(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "sqlite3_libversion", out var version)) return false;
        fixed (byte* ofBinding = raw.sqlite3_libversion())
            return ofBinding is not null && ((delegate* unmanaged[Cdecl]<byte*>)version)() == ofBinding;
    }
}
