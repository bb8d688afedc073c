using System.Text.Json;
using StatusPage.Domain;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Hosting;
using StatusPage.Web.Public;

namespace StatusPage.Web.Snapshot;

/// <summary>The last snapshot of each page on disk, which a node that starts without its store can still show.</summary>
public sealed partial class SnapshotFile(Settings settings, ILogger<SnapshotFile> logger)
{
    /// <summary>The file of the first page, without which nothing is shown from disk.</summary>
    public const string First = "snapshot.json";

    private const string Others = "snapshot-*.json";

    /// <summary>
    /// Whether the files may be shown until the store was asked. Nobody else writes to a store on this machine, so the last snapshot still holds. Where
    /// other nodes post too, it may not.
    /// </summary>
    public bool StandsIn => settings.Postgres is null && LiesIn(settings);

    /// <summary>Whether a page was served from this folder before.</summary>
    public static bool LiesIn(Settings settings) => File.Exists(Path.Combine(settings.DataDirectory, First));

    /// <summary>Replaces the file as a whole: a crash leaves the old one or the new one, never half of one.</summary>
    public async Task SaveAsync(StatusSnapshot snapshot, CancellationToken cancel)
    {
        try
        {
            var path = PathOf(snapshot.PageId, snapshot.Location);
            var next = path + ".next";
            await using (var stream = DataFolder.Open(next, FileMode.Create))
                await SnapshotJson.WriteAsync(stream, snapshot, cancel);
            File.Move(next, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.CannotSave(logger, exception.Message);
        }
    }

    /// <summary>Deletes the files of closed pages, so that no restart brings the pages back.</summary>
    public void Keep(IReadOnlyList<PublicSite> sites)
    {
        try
        {
            foreach (var left in Directory.EnumerateFiles(settings.DataDirectory, Others))
                if (!sites.Any(site => site.PageId is { } page && PathOf(page, site.Location) == left))
                    File.Delete(left);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.CannotSave(logger, exception.Message);
        }
    }

    /// <summary>The snapshots that can be read; none at all without the first page's.</summary>
    public async Task<IReadOnlyList<(StatusSnapshot Snapshot, DateTimeOffset SavedAt)>> LoadAsync(CancellationToken cancel)
    {
        if (!Directory.Exists(settings.DataDirectory) || await LoadAsync(Path.Combine(settings.DataDirectory, First), cancel) is not { } first)
            return [];
        var all = new List<(StatusSnapshot, DateTimeOffset)> { first };
        foreach (var path in Directory.EnumerateFiles(settings.DataDirectory, Others).Order(StringComparer.Ordinal))
            if (await LoadAsync(path, cancel) is { } other)
                all.Add(other);
        return all;
    }

    private async Task<(StatusSnapshot, DateTimeOffset)?> LoadAsync(string path, CancellationToken cancel)
    {
        try
        {
            if (!File.Exists(path))
                return null;
            await using var stream = File.OpenRead(path);
            var snapshot = await SnapshotJson.ReadAsync(stream, cancel);
            return snapshot is null ? null : (snapshot, File.GetLastWriteTimeUtc(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            Log.CannotLoad(logger, exception.Message);
            return null;
        }
    }

    private string PathOf(PageId page, PageLocation location) =>
        Path.Combine(settings.DataDirectory, location == PageLocation.Root ? First : $"snapshot-{page}.json");

    private static partial class Log
    {
        [LoggerMessage(
            110,
            LogLevel.Warning,
            "The snapshot could not be saved to disk: {Reason} A restart without the database would have nothing to show."
        )]
        public static partial void CannotSave(ILogger logger, string reason);

        [LoggerMessage(111, LogLevel.Warning, "The snapshot on disk cannot be read: {Reason}")]
        public static partial void CannotLoad(ILogger logger, string reason);
    }
}
