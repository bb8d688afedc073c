namespace StatusPage.Web.Runbooks;

/// <summary>The files of a folder and its subfolders whose name ends with .md. What is no file, or leads out of the folder, is named and not read.</summary>
public static class RunbookFolder
{
    private const string Ending = ".md";

    /// <summary>By their names.</summary>
    public static IReadOnlyList<RunbookFile> Read(string folder)
    {
        var root = new DirectoryInfo(folder);
        // The folder itself may be a link.
        if (root.ResolveLinkTarget(returnFinalTarget: true) is DirectoryInfo target)
            root = target;
        var files = new List<RunbookFile>();
        Walk(root, root, files);
        return files;
    }

    private static void Walk(DirectoryInfo root, DirectoryInfo folder, List<RunbookFile> files)
    {
        List<FileSystemInfo> entries;
        try
        {
            entries = [.. folder.EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            files.Add(new(NameOf(root, folder), null, $"It cannot be read: {exception.Message}"));
            return;
        }
        foreach (var entry in entries)
            if (entry.LinkTarget is not null)
                files.AddRange(Linked(root, entry));
            else if (entry is DirectoryInfo inner)
                Walk(root, inner, files);
            else if (entry.Name.EndsWith(Ending, StringComparison.Ordinal))
                files.Add(Read(root, entry, (FileInfo)entry));
    }

    /// <summary>A link to a file of the folder is as good as the file. A folder is not entered through a link, or there might be no end.</summary>
    private static IEnumerable<RunbookFile> Linked(DirectoryInfo root, FileSystemInfo link)
    {
        var name = NameOf(root, link);
        FileSystemInfo? target;
        try
        {
            target = link.ResolveLinkTarget(returnFinalTarget: true);
        }
        catch (IOException)
        {
            // It leads to itself, or through too many others.
            target = null;
        }
        var isMeant = link.Name.EndsWith(Ending, StringComparison.Ordinal);
        if (target is null || !target.Exists)
            return isMeant ? [new(name, null, "It is a link that leads nowhere.")] : [];
        if (!IsWithin(root, target))
            return isMeant || target is DirectoryInfo ? [new(name, null, "It is a link that leads out of the folder.")] : [];
        // What lies in a folder of the folder is taken there.
        return isMeant && target is FileInfo file ? [Read(root, link, file)] : [];
    }

    /// <summary>Whether it lies in the folder, without another link on the way.</summary>
    private static bool IsWithin(DirectoryInfo root, FileSystemInfo target)
    {
        var top = Path.TrimEndingDirectorySeparator(root.FullName);
        for (var at = Path.TrimEndingDirectorySeparator(target.FullName); at is { Length: > 0 }; at = Path.GetDirectoryName(at))
        {
            if (at == top)
                return true;
            if (new DirectoryInfo(at).LinkTarget is not null)
                return false;
        }
        return false;
    }

    private static RunbookFile Read(DirectoryInfo root, FileSystemInfo entry, FileInfo file)
    {
        var name = NameOf(root, entry);
        try
        {
            // Pipes and devices have no length, and are not opened: they may never end, or never begin.
            if (file.Length == 0)
                return new(name, null, "It is empty, or no ordinary file.");
            if (file.Length > RunbookFile.MaxBytes)
                return new(name, null);
            using var stream = file.Open(new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite });
            var content = new byte[RunbookFile.MaxBytes + 1];
            // It may have grown since.
            var length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            return new(name, length > RunbookFile.MaxBytes ? null : content[..length]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new(name, null, $"It cannot be read: {exception.Message}");
        }
    }

    private static string NameOf(DirectoryInfo root, FileSystemInfo entry) => Path.GetRelativePath(root.FullName, entry.FullName);
}
