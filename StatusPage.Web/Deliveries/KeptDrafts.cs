using System.Collections.Concurrent;
using StatusPage.Domain;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;

namespace StatusPage.Web.Deliveries;

/// <summary>What is made once for an announcement and kept while it goes out, however many batches that takes.</summary>
internal sealed class KeptDrafts<T> where T : class
{
    /// <summary>Announcements that go out at the same time are few; more than these begin anew.</summary>
    private const int Most = 20;

    private readonly ConcurrentDictionary<AnnouncementId, Kept> _kept = new();

    /// <summary>Null when nothing is kept, or the incident that it tells of was deleted meanwhile.</summary>
    public async Task<T?> FindAsync(StatusDb db, AnnouncementId announcement, CancellationToken cancel) =>
        _kept.TryGetValue(announcement, out var kept) && await db.StandsAsync(kept.Incident, cancel) ? kept.Draft : null;

    /// <param name="incident">What it tells of; null where that cannot be deleted.</param>
    public void Keep(AnnouncementId announcement, IncidentId? incident, T draft)
    {
        if (_kept.Count >= Most) _kept.Clear();
        _kept[announcement] = new(incident, draft);
    }

    private sealed record Kept(IncidentId? Incident, T Draft);
}
