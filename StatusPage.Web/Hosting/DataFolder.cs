using System.Text;

namespace StatusPage.Web.Hosting;

/// <summary>
/// The folder for everything that the program writes. It holds addresses and secrets, so only its owner may use it: 0700, and its files 0600.
/// </summary>
/// <param name="Trouble">Why other users can still look into it; null: they cannot.</param>
public sealed record DataFolder(string? Trouble)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateFolder = Private | UnixFileMode.UserExecute;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

    /// <summary>Name of the subfolder for mails that are written to files when there is no mail server.</summary>
    public const string Mails = "mail";

    /// <summary>What the program itself writes there; other files belong to somebody else.</summary>
    private static readonly string[] Ours = ["status.db*", "snapshot*.json*", "audit-key.pem", "node-id"];

    /// <summary>Makes the folder, or removes other users' access to one that exists.</summary>
    /// <exception cref="SettingException">Nothing can be written there, and it holds no page that could be shown meanwhile.</exception>
    public static DataFolder Prepare(string path)
    {
        try
        {
            var folder = TakeOver(path);
            File.Delete(Probe(path));
            return folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (HasSnapshot(path))
                return new((string?)null);
            throw new SettingException("DataDirectory", path, $"a folder that this user may write to. {exception.Message.TrimEnd('.')}");
        }
    }

    private static bool HasSnapshot(string path)
    {
        try
        {
            return Directory.EnumerateFiles(path, "snapshot*.json*").Any();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Probe(string path)
    {
        var file = Path.Combine(path, $"write-probe.{Guid.NewGuid():N}");
        Open(file, FileMode.CreateNew).Dispose();
        return file;
    }

    private static DataFolder TakeOver(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return new((string?)null);
        }
        if (!Directory.Exists(path))
            Directory.CreateDirectory(path, PrivateFolder);
        var trouble = Tighten(path);
        foreach (var file in Ours.SelectMany(pattern => Directory.EnumerateFiles(path, pattern)))
            trouble = TightenFile(file) ?? trouble;
        var mails = Path.Combine(path, Mails);
        // Needed once; later files are private from the beginning.
        if (Directory.Exists(mails) && (File.GetUnixFileMode(mails) & Others) != 0)
        {
            foreach (var file in Directory.EnumerateFiles(mails))
                trouble = TightenFile(file) ?? trouble;
            trouble = Tighten(mails) ?? trouble;
        }
        return new(trouble);
    }

    /// <summary>Makes a private folder.</summary>
    public static string Folder(string path) =>
        OperatingSystem.IsWindows() ? Directory.CreateDirectory(path).FullName : Directory.CreateDirectory(path, PrivateFolder).FullName;

    /// <summary>Opens a file that nobody else may read; an existing file of that name is made private too.</summary>
    public static FileStream Open(string path, FileMode mode, FileOptions options = FileOptions.None, FileShare share = FileShare.None)
    {
        var how = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            Share = share,
            Options = options,
        };
        if (OperatingSystem.IsWindows())
            return new(path, how);
        how.UnixCreateMode = Private;
        var stream = new FileStream(path, how);
        if (mode != FileMode.CreateNew)
            TightenFile(path);
        return stream;
    }

    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        await using var stream = Open(path, FileMode.Create);
        await stream.WriteAsync(bytes, cancel);
    }

    /// <summary>Writes a file as a whole, unless it exists by then.</summary>
    /// <returns>False: another process was first.</returns>
    public static bool WriteNew(string path, string text)
    {
        var next = $"{path}.{Guid.NewGuid():N}";
        using (var stream = Open(next, FileMode.CreateNew))
            stream.Write(Encoding.UTF8.GetBytes(text));
        try
        {
            File.Move(next, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(next);
            return false;
        }
    }

    private static string? Tighten(string folder)
    {
        if (OperatingSystem.IsWindows())
            return null;
        var mode = File.GetUnixFileMode(folder);
        if ((mode & Others) == 0)
            return null;
        if (mode.HasFlag(UnixFileMode.StickyBit))
            return $"{folder} is shared with other users. Set DataDirectory to a folder of its own.";
        return Set(folder, PrivateFolder, "chmod 700");
    }

    private static string? TightenFile(string file) =>
        OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & Others) == 0 ? null : Set(file, Private, "chmod 600");

    private static string? Set(string path, UnixFileMode mode, string command)
    {
        try
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, mode);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"{path} belongs to another user, who should run: {command} {path}";
        }
    }
}
