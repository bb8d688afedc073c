using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Deliveries;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Deliveries;

/// <summary>Why nothing is sent. Posts go on, and the messages that they queue wait.</summary>
/// <param name="Since">When the store was restored; null: <c>Delivery:Paused</c> is set, and only the operator can end that.</param>
public sealed record Paused(DateTimeOffset? Since)
{
    public Sentence Why => Since is null ? (Sentence)"Delivery:Paused is set" : (Sentence)"the database was restored from a backup";
}

/// <summary>Whether anything may be sent. A claim checks it in the same statement (<see cref="Not"/>), so that nothing is sent in between.</summary>
public sealed class Pauses(Settings settings)
{
    /// <summary>A SQL condition: the store holds no pause.</summary>
    internal const string Not = """NOT EXISTS (SELECT 1 FROM "DeliveryPauses")""";

    public bool BySetting => settings.DeliveryPaused;

    /// <returns>Null: sending is not paused.</returns>
    public async Task<Paused?> FindAsync(StatusDb db, CancellationToken cancel)
    {
        if (BySetting)
            return new((DateTimeOffset?)null);
        return await db.DeliveryPauses.AsNoTracking().FirstOrDefaultAsync(cancel) is { } pause ? new(pause.Since) : null;
    }

    /// <summary>Messages of all pages that would be sent now or later: deliveries, and notices to the team.</summary>
    public static async Task<int> WaitingAsync(StatusDb db, CancellationToken cancel) =>
        await db.Deliveries.CountAsync(row => row.State == DeliveryState.Queued || row.State == DeliveryState.Sending, cancel)
        + await db.Notices.CountAsync(row => row.State == DeliveryState.Queued || row.State == DeliveryState.Sending, cancel);
}
