using System.Text.Json;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Snapshot;

/// <summary>The last snapshot on disk, from which a node that starts without its store can still speak.</summary>
public sealed partial class SnapshotFile(Settings settings, ILogger<SnapshotFile> logger)
{
    private readonly string _path = Path.Combine(settings.DataDirectory, "snapshot.json");

    /// <summary>
    /// Whether the file may speak until the store was asked. Nobody else writes to a store on this machine, so what was saved last still holds;
    /// where other nodes post too, it may not.
    /// </summary>
    public bool StandsIn => settings.Postgres is null && File.Exists(_path);

    /// <summary>Replaces the file as a whole: a crash leaves the old one or the new one, never half of one.</summary>
    public async Task SaveAsync(byte[] snapshot, CancellationToken cancel)
    {
        try
        {
            var next = _path + ".next";
            await File.WriteAllBytesAsync(next, snapshot, cancel);
            File.Move(next, _path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.CannotSave(logger, exception.Message);
        }
    }

    /// <summary>Null when there is none, or none that can be read.</summary>
    public async Task<(StatusSnapshot Snapshot, DateTimeOffset SavedAt)?> LoadAsync(CancellationToken cancel)
    {
        try
        {
            if (!File.Exists(_path)) return null;
            var snapshot = SnapshotJson.Read(await File.ReadAllBytesAsync(_path, cancel));
            return snapshot is null ? null : (snapshot, File.GetLastWriteTimeUtc(_path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            Log.CannotLoad(logger, exception.Message);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(110, LogLevel.Warning, "The snapshot could not be saved to disk: {Reason} A restart without the database would have nothing to show.")]
        public static partial void CannotSave(ILogger logger, string reason);

        [LoggerMessage(111, LogLevel.Warning, "The snapshot on disk cannot be read: {Reason}")]
        public static partial void CannotLoad(ILogger logger, string reason);
    }
}
