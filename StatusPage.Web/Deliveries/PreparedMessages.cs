using System.Collections.Concurrent;
using StatusPage.Domain;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;

namespace StatusPage.Web.Deliveries;

/// <summary>Messages that are made once for an announcement and kept while it goes out, however many batches that takes.</summary>
internal sealed class PreparedMessages<T>
    where T : class
{
    /// <summary>Few announcements go out at the same time; beyond this number the cache is emptied.</summary>
    private const int Most = 50;

    private readonly ConcurrentDictionary<(AnnouncementId, string?), Kept> _kept = new();

    /// <summary>Null when nothing is kept, or the incident has changed meanwhile.</summary>
    public async Task<T?> FindAsync(StatusDb db, AnnouncementId announcement, CancellationToken cancel, string? language = null) =>
        _kept.TryGetValue((announcement, language), out var kept) && (kept.Told is not { } told || await db.StandsAsync(told.Id, told.Version, cancel))
            ? kept.Message
            : null;

    /// <param name="told">The incident and its version in the message; null where that cannot change.</param>
    public void Keep(AnnouncementId announcement, (IncidentId Id, int Version)? told, T message, string? language = null)
    {
        if (_kept.Count >= Most)
            _kept.Clear();
        _kept[(announcement, language)] = new(told, message);
    }

    private sealed record Kept((IncidentId Id, int Version)? Told, T Message);
}
