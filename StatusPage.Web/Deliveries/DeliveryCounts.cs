using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Deliveries;
using StatusPage.Web.Data;

namespace StatusPage.Web.Deliveries;

/// <summary>How an update's deliveries stand.</summary>
public sealed record DeliveryCounts(int Waiting, int Sent, int Failed, int Suppressed)
{
    public override string ToString()
    {
        var parts = new List<string>();
        if (Sent > 0) parts.Add($"sent to {Sent}");
        if (Waiting > 0) parts.Add($"{Waiting} on their way");
        if (Failed > 0) parts.Add($"{Failed} failed");
        if (Suppressed > 0) parts.Add($"{Suppressed} not sent, as they had unsubscribed");
        return parts.Count == 0 ? "nobody to tell" : string.Join(", ", parts);
    }
}

public static class DeliveryCountQueries
{
    /// <summary>Whether what is kept ready may still be told: an incident can be deleted while its messages go out.</summary>
    public static async Task<bool> StandsAsync(this StatusDb db, IncidentId? incident, CancellationToken cancel) =>
        incident is null || await db.Incidents.AnyAsync(row => row.Id == incident && row.DeletedAt == null, cancel);

    public static async Task<IReadOnlyDictionary<UpdateId, DeliveryCounts>> CountsAsync(this StatusDb db, IReadOnlyList<UpdateId> updates, CancellationToken cancel)
    {
        var wanted = updates.Select(id => (UpdateId?)id).ToList();
        var rows = await (
            from announcement in db.Announcements
            where wanted.Contains(announcement.UpdateId)
            join delivery in db.Deliveries on announcement.Id equals delivery.AnnouncementId
            group delivery by new { announcement.UpdateId, delivery.State } into states
            select new { states.Key.UpdateId, states.Key.State, Count = states.Count() }).ToListAsync(cancel);
        return rows.GroupBy(row => row.UpdateId!.Value).ToDictionary(group => group.Key, group =>
        {
            var counts = group.ToDictionary(row => row.State, row => row.Count);
            return new DeliveryCounts(
                counts.GetValueOrDefault(DeliveryState.Queued) + counts.GetValueOrDefault(DeliveryState.Sending), counts.GetValueOrDefault(DeliveryState.Sent),
                counts.GetValueOrDefault(DeliveryState.Failed), counts.GetValueOrDefault(DeliveryState.Suppressed));
        });
    }
}
