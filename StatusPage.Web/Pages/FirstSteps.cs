using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Brands;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Brands;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Pages;

/// <summary>One thing that makes a new page ready for its readers, and the room in which it is done.</summary>
/// <param name="State">How it stands, in a few words.</param>
public sealed record FirstStep(string Path, string Name, string State, bool IsDone);

/// <summary>
/// What is left to do before a new page is ready. Nobody ticks anything: each step is done when it is so. The desk shows them to owners until all are done,
/// or put away.
/// </summary>
public sealed class FirstSteps(StatusDb db, MailRoutes routes, Settings settings, PublicAddresses addresses)
{
    public static bool AreFor(Page page) => page.StepsPutAwayAt is null;

    public async Task<IReadOnlyList<FirstStep>> FindAsync(Page page, DateTimeOffset now, CancellationToken cancel)
    {
        var components = await db.Components.CountAsync(row => row.PageId == page.Id && row.ArchivedAt == null, cancel);
        var members = await db.Memberships.CountAsync(row => row.PageId == page.Id, cancel);
        var isInvited = await db.OneTimeLinks.AnyAsync(
            row => row.PageId == page.Id && row.Purpose == OneTimeLinkPurpose.Invite && row.ExpiresAt > now,
            cancel
        );
        var isSubscribed = await db.Subscribers.AnyAsync(row => row.PageId == page.Id && row.State == SubscriptionState.Confirmed, cancel);
        var test = await db.MailTests.AsNoTracking().FirstOrDefaultAsync(row => row.PageId == page.Id, cancel);
        var route = await routes.FindAsync(cancel);
        var hasAddress = page.HostName is not null || settings.PublicUrl is not null;
        return
        [
            new("/admin/settings", "Name and time zone", $"{page.Name}, {page.TimeZone.Replace('_', ' ')}", page.Name != Settings.DefaultPageName),
            new(BrandPage.Path, "Logo and colour", "the theme's", page.Brand != Brand.None),
            new(
                "/admin/components#list",
                "Components",
                components == 0 ? "none yet: paste a list" : Trouble.Count(components, "component"),
                components > 0
            ),
            new(
                MailPage.Path,
                "Mail",
                route.Smtp is null ? "written to files, so it reaches nobody"
                    : test is null ? $"by {route.Smtp.Host}: send a test to yourself"
                    : test.IsTaken ? $"by {route.Smtp.Host}, tested"
                    : "the last test did not leave",
                route.Smtp is not null && test is { IsTaken: true }
            ),
            new("/admin/accounts", "A colleague", isInvited ? "invited" : "nobody else works here", members > 1 || isInvited),
            new("/admin/settings#address", "Public address", addresses.Of(page.Location).Root, hasAddress),
            new("/admin/subscribers", "The first subscription", "nobody is told yet", isSubscribed),
        ];
    }

    /// <summary>The step that is done in a room, so that the room can lead back.</summary>
    public static bool IsRoomOf(FirstStep step, PathString at) => at.StartsWithSegments(step.Path.Split('#')[0]);
}
