using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Deliveries;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Deliveries;

/// <summary>Why nothing is sent: posts go on, and what they queue waits.</summary>
/// <param name="Since">When the store was restored; null: <c>Delivery:Paused</c> is set, and only whoever runs the program ends that.</param>
public sealed record Paused(DateTimeOffset? Since)
{
    public string Why => Since is null ? "Delivery:Paused is set" : "the database was restored from a backup";
}

/// <summary>Whether anything may be sent. Whoever claims asks for it in the same statement (<see cref="Not"/>), so that nothing goes out in between.</summary>
public sealed class Pauses(Settings settings)
{
    /// <summary>A condition of SQL: the store says nothing of a pause.</summary>
    internal const string Not = """NOT EXISTS (SELECT 1 FROM "DeliveryPauses")""";

    public bool BySetting => settings.DeliveryPaused;

    /// <returns>Null: what waits is sent.</returns>
    public async Task<Paused?> FindAsync(StatusDb db, CancellationToken cancel)
    {
        if (BySetting)
            return new((DateTimeOffset?)null);
        return await db.DeliveryPauses.AsNoTracking().FirstOrDefaultAsync(cancel) is { } pause ? new(pause.Since) : null;
    }

    /// <summary>What would be sent at once or later, of all pages: deliveries, and notices to the team.</summary>
    public static async Task<int> WaitingAsync(StatusDb db, CancellationToken cancel) =>
        await db.Deliveries.CountAsync(row => row.State == DeliveryState.Queued || row.State == DeliveryState.Sending, cancel)
        + await db.Notices.CountAsync(row => row.State == DeliveryState.Queued || row.State == DeliveryState.Sending, cancel);
}
