using Microsoft.AspNetCore.Mvc;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Snapshot;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Subscriptions;

public sealed class ManagePage(Desk desk, PublicSite site, PublicAddress address, Theme theme) : SubscriptionPage(desk, site, address, theme)
{
    [FromRoute]
    public string Token { get; set; } = "";

    public Subscriber? Subscriber { get; private set; }
    public bool IsSaved { get; private set; }
    public string UnsubscribeLink { get; private set; } = "";

    public async Task OnGetAsync()
    {
        await LoadAsync();
        if (Subscriber is not null) ComponentIds = [.. Subscriber.ComponentIds.Select(id => id.Value)];
    }

    public async Task OnPostAsync()
    {
        await LoadAsync();
        if (Subscriber is null) return;
        Subscriber.Choose(Chosen(), Subscriber.IncidentIds);
        await SaveAsync(Subscriber, "subscriber.chose");
        IsSaved = true;
    }

    private async Task LoadAsync()
    {
        Subscriber = await FindAsync(LinkPurpose.Manage, Token) is { State: SubscriptionState.Confirmed } found ? found : null;
        if (Subscriber is null) Response.StatusCode = StatusCodes.Status404NotFound;
        else UnsubscribeLink = SignedLink.PathFor(LinkPurpose.Unsubscribe, Subscriber.Id, (await Desk.PageAsync(Cancel)).LinkKey);
    }
}
