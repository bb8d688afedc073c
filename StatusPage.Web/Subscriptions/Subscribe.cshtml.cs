using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Snapshot;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Subscriptions;

/// <summary>Asks for a subscription. The answer is the same whether the address is known or not.</summary>
public sealed class SubscribePage(Desk desk, PublicSite site, PublicAddress address, Theme theme) : SubscriptionPage(desk, site, address, theme)
{
    /// <summary>Mails that strangers can have sent to one address in an hour.</summary>
    private const int NoticesPerHour = 3;

    [BindProperty]
    public string? Email { get; set; }

    /// <summary>People do not see it; programs that fill in everything do.</summary>
    [BindProperty]
    public string? Website { get; set; }

    public bool IsSent { get; private set; }

    public void OnGet(string? component)
    {
        if (Snapshot.Components.FirstOrDefault(c => c.Slug == component) is { } chosen) ComponentIds = [chosen.Id.Value];
    }

    public async Task<IActionResult> OnPostAsync()
    {
        try
        {
            if (string.IsNullOrEmpty(Website)) await RequestAsync();
            IsSent = true;
        }
        catch (RuleViolation violation)
        {
            ModelState.AddModelError(violation.Field ?? "", violation.Message);
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        }
        return Page();
    }

    private async Task RequestAsync()
    {
        var page = await Desk.PageAsync(Cancel);
        var wanted = Subscriber.ByEmail(page.Id, Email, Desk.Now);
        wanted.Choose(Chosen());
        var known = await Desk.Db.Subscribers.FirstOrDefaultAsync(row => row.PageId == page.Id && row.Key == wanted.Key, Cancel);
        if (known is null) Desk.Db.Subscribers.Add(known = wanted);
        else known.RequestAgain(wanted.ComponentIds, wanted.IncidentIds);
        var since = Desk.Now.AddHours(-1);
        if (await Desk.Db.Announcements.CountAsync(row => row.SubscriberId == known.Id && row.CreatedAt > since, Cancel) < NoticesPerHour)
        {
            var kind = known.State == SubscriptionState.Confirmed ? AnnouncementKind.AlreadySubscribed : AnnouncementKind.Confirmation;
            Desk.Db.Announcements.Add(Announcement.To(known, kind, Desk.Now));
        }
        try
        {
            await SaveAsync(known, "subscriber.requested");
        }
        catch (DbUpdateException exception) when (!StoreSetup.IsOutage(exception))
        {
            // The same address, asked for twice at once: the other one is on its way.
        }
    }
}
