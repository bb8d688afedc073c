using Microsoft.EntityFrameworkCore;
using StatusPage.Tests.Host;
using StatusPage.Web.Hosting;

namespace StatusPage.Tests.Hosting;

/// <summary>Nobody else on the machine can read what the program writes.</summary>
public sealed class DataFolderTests
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Open =
        Private | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    [Fact]
    public async Task The_folder_is_its_owners_and_so_is_every_file()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var outer = new TempFolder();
        var folder = Path.Combine(outer.Path, "data");
        await using (var app = await AppProcess.StartAsync(outer, ["--DataDirectory", folder, .. Desk.Owner]))
        {
            using var browser = await app.BrowseAsync();
            await browser.FillInAsync("/subscribe", new { Email = "ann@customer.example" });
            await Eventually.TrueAsync(
                "a mail and a snapshot are written",
                () =>
                    Directory.Exists(Path.Combine(folder, "mail"))
                    && Directory.GetFiles(Path.Combine(folder, "mail"), "*.eml").Length > 0
                    && File.Exists(Path.Combine(folder, "snapshot.json"))
            );
            Assert.Empty(Readable(folder));
            Assert.Contains(Directory.GetFiles(folder), file => file.EndsWith("-wal", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task What_was_made_before_is_taken_back_and_what_is_others_is_left()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var folder = new TempFolder();
        await using (var app = await AppHost.StartAsync(folder, null))
            await app.PageAsync();
        Directory.CreateDirectory(folder.File("mail"), Open);
        await File.WriteAllTextAsync(folder.File("mail/1.eml"), "");
        Directory.CreateDirectory(folder.File("themes"));
        await File.WriteAllTextAsync(folder.File("themes/note.md"), "");
        foreach (var path in Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Append(folder.Path))
            File.SetUnixFileMode(path, Open);
        await using (var app = await AppHost.StartAsync(folder, null))
            await app.InStoreAsync(db => db.Pages.CountAsync());
        Assert.Equal([folder.File("themes"), folder.File("themes/note.md")], Readable(folder.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_folder_that_all_users_share_is_left_alone_and_told_of()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var folder = new TempFolder();
        File.SetUnixFileMode(folder.Path, Open | UnixFileMode.OtherWrite | UnixFileMode.StickyBit);
        Assert.Contains("shared with other users", DataFolder.Prepare(folder.Path).Trouble, StringComparison.Ordinal);
        Assert.True(File.GetUnixFileMode(folder.Path).HasFlag(UnixFileMode.OtherRead));
    }

    private static IEnumerable<string> Readable(string folder) =>
        OperatingSystem.IsWindows()
            ? []
            : Directory
                .GetFileSystemEntries(folder, "*", SearchOption.AllDirectories)
                .Append(folder)
                .Where(path => (ModeOf(path) & (Open & ~(Private | UnixFileMode.UserExecute))) != 0);

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);
}
