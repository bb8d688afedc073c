using Microsoft.AspNetCore.Mvc;
using StatusPage.Domain;
using StatusPage.Domain.Snapshot;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Public;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Subscriptions;

/// <summary>Asks for a subscription. The answer is the same whether the address is known or not.</summary>
public sealed class SubscribePage(
    ChangeWriter writer,
    SubscriptionDesk subscriptions,
    UpdateExamples examples,
    PublicSite site,
    PublicAddress address,
    ThemeCatalog themes
) : SubscriptionPage(writer, site, address, themes)
{
    public const string ByWebhook = "webhook";
    public const string ByChat = "chat";

    /// <summary>"email", "chat" or "webhook".</summary>
    [BindProperty]
    public string By { get; set; } = "email";

    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public string? Endpoint { get; set; }

    /// <summary>The address of a chat channel's incoming webhook; a secret.</summary>
    [BindProperty]
    public string? Chat { get; set; }

    /// <summary>The incident that the form was opened for.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Incident { get; set; }

    /// <summary>People do not see it; programs that fill in everything do.</summary>
    [BindProperty]
    public string? Website { get; set; }

    public bool IsSent { get; private set; }
    public bool IsClosed { get; private set; }

    /// <summary>What an update looks like in each way; null while the store cannot be reached.</summary>
    public UpdateExample? Example { get; private set; }
    public override IncidentView? Alone => About;

    /// <summary>Null when there is none of that id, or it is over.</summary>
    public IncidentView? About => Snapshot.Open.FirstOrDefault(incident => incident.Id.Value == Incident);

    public async Task OnGetAsync(string[] component)
    {
        IsClosed = await IsClosedAsync();
        ComponentIds = [.. Snapshot.Components.Where(known => component.Contains(known.Slug)).Select(known => known.Id.Value)];
    }

    public async Task<IActionResult> OnPostAsync()
    {
        IsClosed = await IsClosedAsync();
        if (IsClosed)
        {
            Response.StatusCode = StatusCodes.Status403Forbidden;
            return Page();
        }
        try
        {
            if (string.IsNullOrEmpty(Website))
                await RequestAsync();
            IsSent = true;
        }
        catch (RuleViolation violation)
        {
            Refuse(violation);
        }
        return Page();
    }

    private async Task RequestAsync()
    {
        var page = await Writer.PageAsync(Cancel);
        var wanted = By switch
        {
            ByWebhook => subscriptions.NewWebhook(page.Id, Endpoint, Email),
            ByChat => subscriptions.NewChat(page.Id, Chat),
            _ => Subscriber.ByEmail(page.Id, Email, Writer.Now),
        };
        if (Spoken.IsInAddress || Spoken.Language != Snapshot.Speaks)
            wanted.Read(Spoken.Language.Code);
        var about = Wish(wanted);
        try
        {
            await subscriptions.RequestAsync(wanted, about, "subscriber", Cancel);
        }
        catch (Exception exception) when (StoreSetup.IsConflict(exception))
        {
            // The same address, asked for twice at once: the other one is on its way.
        }
    }

    /// <returns>The incident, where it is wanted alone.</returns>
    private IncidentId? Wish(Subscriber wanted)
    {
        if (Scope != OneIncident)
        {
            wanted.Choose(Chosen());
            return null;
        }
        if (About is not { } about)
            throw new RuleViolation(
                "That incident is over, so there is nothing more to tell of it. Choose something else, or leave it at that.",
                nameof(Scope)
            );
        wanted.Choose([], [about.Id]);
        return about.Id;
    }

    /// <summary>The form is shown without the store, too; sending it says what is wrong.</summary>
    private async Task<bool> IsClosedAsync()
    {
        try
        {
            var page = await Writer.PageAsync(Cancel);
            if (page.TakesSubscribers)
                Example = await examples.OfAsync(page, Snapshot, Spoken);
            return !page.TakesSubscribers;
        }
        catch (Exception exception) when (StoreSetup.IsOutage(exception))
        {
            return false;
        }
    }
}
