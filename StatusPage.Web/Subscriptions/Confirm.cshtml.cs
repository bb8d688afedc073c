using Microsoft.AspNetCore.Mvc;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Channels;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Public;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Subscriptions;

/// <summary>GET shows, POST confirms: programs that look at every link in a mail confirm nothing.</summary>
public sealed class ConfirmPage(ChangeWriter writer, SubscriptionDesk subscriptions, PublicSite site, PublicAddress address, ThemeCatalog themes)
    : SubscriptionPage(writer, site, address, themes)
{
    [FromRoute]
    public string Token { get; set; } = "";

    public Subscriber? Subscriber { get; private set; }
    public bool IsDone { get; private set; }
    public bool IsForOneIncident => Subscriber is { WantsEverything: false, ComponentIds.Count: 0, IncidentIds.Count: > 0 };
    public string ManageLink { get; private set; } = "";
    public bool IsWebhook => Subscriber?.IsProgram == true;

    /// <summary>
    /// The secret by which the receiver knows that a request comes from here. It is known before the challenge, so that the receiver can look.
    /// </summary>
    public string SigningSecret { get; private set; } = "";

    /// <summary>Why the webhook is not confirmed yet.</summary>
    public Sentence? Problem { get; private set; }

    public async Task OnGetAsync()
    {
        await LoadAsync();
        if (Subscriber?.State == SubscriptionState.Confirmed)
            await ShowDoneAsync();
    }

    public async Task OnPostAsync()
    {
        await LoadAsync();
        if (Subscriber is null)
            return;
        if (IsWebhook)
        {
            if (!await AnswersAsync())
                return;
        }
        else
        {
            Subscriber.Confirm(Writer.Now);
            await SaveAsync(Subscriber, "subscriber.confirmed");
        }
        await ShowDoneAsync();
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            Problem = await subscriptions.ConfirmWebhookAsync(Subscriber!, "subscriber", Cancel);
            if (Problem is not null)
                Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        }
        catch (LimitReached reached)
        {
            Refuse(reached);
            Problem = reached.Sentence;
        }
        return Problem is null;
    }

    private async Task LoadAsync()
    {
        Subscriber = await FindAsync(SignedLinkPurpose.Confirm, Token);
        // Somebody who ended a subscription, or whose mail came back, has to ask anew; an old mail does not bring it back.
        if (Subscriber?.State is SubscriptionState.Ended or SubscriptionState.Suppressed)
            Subscriber = null;
        if (Subscriber is null)
            Response.StatusCode = StatusCodes.Status404NotFound;
        else if (IsWebhook)
            SigningSecret = WebhookSecret.For(Subscriber.Id, (await Writer.PageAsync(Cancel)).LinkKey);
    }

    private async Task ShowDoneAsync()
    {
        IsDone = true;
        ManageLink = SignedLink.PathFor(SignedLinkPurpose.Manage, Subscriber!.Id, (await Writer.PageAsync(Cancel)).LinkKey);
    }
}
