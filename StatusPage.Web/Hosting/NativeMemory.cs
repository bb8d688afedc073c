using System.Runtime.InteropServices;

namespace StatusPage.Web.Hosting;

/// <summary>
/// Limits the memory that the C library keeps to itself. glibc gives each thread its own arena and returns nothing of it, which cost a tenth of the
/// resident size. See docs/performance.md; the numbers are from glibc's malloc.h.
/// </summary>
internal static partial class NativeMemory
{
    private const int TrimThreshold = -1;
    private const int ArenaMax = -8;

    /// <summary>Must be called before the first thread is started. Does nothing where there is no glibc.</summary>
    public static void Bound()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = Mallopt(ArenaMax, 2);
            _ = Mallopt(TrimThreshold, 65_536);
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library (musl): it has no arenas.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32 | DllImportSearchPath.SafeDirectories)]
    private static partial int Mallopt(int parameter, int value);
}
