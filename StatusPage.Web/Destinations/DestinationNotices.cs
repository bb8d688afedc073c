using System.Globalization;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Destinations;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;
using StatusPage.Web.Notices;

namespace StatusPage.Web.Destinations;

/// <summary>Tells the owners by mail what waits for a person at a destination: once a day for each, and once of a token that ends.</summary>
public sealed class DestinationNotices(StatusDb db, NoticeBox box)
{
    /// <param name="why">What stopped, and what to do.</param>
    public Task StoppedAsync(Destination destination, string why, DateTimeOffset now, CancellationToken cancel) =>
        TellAsync(
            destination,
            string.Create(CultureInfo.InvariantCulture, $"stopped.{now:yyyyMMdd}"),
            $"'{destination.Name}' waits for you",
            $"{why}\n\nNothing is lost. When that is mended, what has stopped there is sent again from the destination's page.",
            cancel
        );

    /// <summary>Tells of tokens that end soon.</summary>
    public async Task WarnAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var last = today.AddDays((int)Destination.WarnsBefore.TotalDays);
        foreach (var destination in await db.Destinations.AsNoTracking().Where(row => row.IsOn && row.ExpiresOn <= last).ToListAsync(cancel))
            if (destination.ExpiryWarning(today) is { } warning)
                await TellAsync(
                    destination,
                    string.Create(CultureInfo.InvariantCulture, $"ends.{destination.ExpiresOn:yyyyMMdd}"),
                    $"The token of '{destination.Name}' ends",
                    warning.ToString(),
                    cancel
                );
    }

    private async Task TellAsync(Destination destination, string topic, string subject, string body, CancellationToken cancel)
    {
        var page = await db.Pages.AsNoTracking().SingleAsync(row => row.Id == destination.PageId, cancel);
        var owners = await db.MembersOf(page.Id)
            .Where(row => row.Account.Email != null && row.Membership.Role == Role.Owner)
            .Select(row => row.Account.Email!)
            .ToListAsync(cancel);
        foreach (var owner in owners)
        {
            var key = $"destination.{destination.Id}.{topic}.{owner}";
            if (!await db.Notices.AnyAsync(row => row.Key == key, cancel))
                box.Mail(page.Id, key, owner, new($"[{page.Name}] {subject}", body, "Open the destination", $"{DestinationsPage.List}/{destination.Id}"));
        }
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException exception) when (StoreSetup.IsDuplicate(exception))
        {
            // Another node told them at the same moment.
            db.ChangeTracker.Clear();
        }
    }
}
