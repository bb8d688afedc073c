using Microsoft.AspNetCore.Mvc;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Snapshot;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Subscriptions;

/// <summary>GET shows, POST confirms: programs that look at every link in a mail confirm nothing.</summary>
public sealed class ConfirmPage(Desk desk, PublicSite site, PublicAddress address, Themes.Themes themes) : SubscriptionPage(desk, site, address, themes)
{
    [FromRoute]
    public string Token { get; set; } = "";

    public Subscriber? Subscriber { get; private set; }
    public bool IsDone { get; private set; }
    public bool IsForOneIncident => Subscriber is { WantsEverything: false, ComponentIds.Count: 0, IncidentIds.Count: > 0 };
    public string ManageLink { get; private set; } = "";

    public async Task OnGetAsync()
    {
        await LoadAsync();
        if (Subscriber?.State == SubscriptionState.Confirmed) await ShowDoneAsync();
    }

    public async Task OnPostAsync()
    {
        await LoadAsync();
        if (Subscriber is null) return;
        Subscriber.Confirm(Desk.Now);
        await SaveAsync(Subscriber, "subscriber.confirmed");
        await ShowDoneAsync();
    }

    private async Task LoadAsync()
    {
        Subscriber = await FindAsync(LinkPurpose.Confirm, Token);
        // Who ended a subscription, or whose mail came back, asks anew; an old mail does not bring it back.
        if (Subscriber?.State is SubscriptionState.Ended or SubscriptionState.Suppressed) Subscriber = null;
        if (Subscriber is null) Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private async Task ShowDoneAsync()
    {
        IsDone = true;
        ManageLink = SignedLink.PathFor(LinkPurpose.Manage, Subscriber!.Id, (await Desk.PageAsync(Cancel)).LinkKey);
    }
}
