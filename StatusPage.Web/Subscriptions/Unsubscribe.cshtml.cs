using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Public;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Subscriptions;

/// <summary>
/// RFC 8058: the mail program POSTs <c>List-Unsubscribe=One-Click</c> without cookies, so there is no antiforgery token;
/// the signed link is what proves the wish. Many come at once from a mail provider's few addresses, so they are not limited.
/// </summary>
[IgnoreAntiforgeryToken]
[TakesOtherOrigins]
[DisableRateLimiting]
public sealed class UnsubscribePage(ChangeWriter writer, PublicSite site, PublicAddress address, ThemeCatalog themes)
    : SubscriptionPage(writer, site, address, themes)
{
    [FromRoute]
    public string Token { get; set; } = "";

    public bool IsKnown { get; private set; }
    public bool IsDone { get; private set; }

    public async Task OnGetAsync()
    {
        var subscriber = await LoadAsync();
        IsDone = subscriber?.State == SubscriptionState.Ended;
    }

    public async Task OnPostAsync()
    {
        if (await LoadAsync() is not { } subscriber)
            return;
        subscriber.End(Writer.Now);
        await SaveAsync(subscriber, "subscriber.ended");
        IsDone = true;
    }

    private async Task<Subscriber?> LoadAsync()
    {
        var subscriber = await FindAsync(SignedLinkPurpose.Unsubscribe, Token);
        IsKnown = subscriber is not null;
        if (!IsKnown)
            Response.StatusCode = StatusCodes.Status404NotFound;
        return subscriber;
    }
}
