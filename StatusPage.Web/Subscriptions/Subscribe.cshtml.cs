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
public sealed class SubscribePage(ChangeWriter writer, SubscriptionDesk subscriptions, PublicSite site, PublicAddress address, ThemeCatalog themes)
    : SubscriptionPage(writer, site, address, themes)
{
    public const string ByWebhook = "webhook";
    public const string Everything = "everything";
    public const string SomeComponents = "components";
    public const string OneIncident = "incident";

    /// <summary>"email" or "webhook".</summary>
    [BindProperty]
    public string By { get; set; } = "email";

    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public string? Endpoint { get; set; }

    /// <summary>The incident that the form was opened for.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Incident { get; set; }

    /// <summary>Where there is an incident: everything, components, or that incident alone.</summary>
    [BindProperty]
    public string Scope { get; set; } = OneIncident;

    /// <summary>People do not see it; programs that fill in everything do.</summary>
    [BindProperty]
    public string? Website { get; set; }

    public bool IsSent { get; private set; }
    public bool IsClosed { get; private set; }

    /// <summary>Null when there is none of that id, or it is over.</summary>
    public IncidentView? About => Snapshot.Open.FirstOrDefault(incident => incident.Id.Value == Incident);

    public async Task OnGetAsync(string[] component)
    {
        IsClosed = await IsClosedAsync();
        ComponentIds = [.. Snapshot.Components.Where(known => component.Contains(known.Slug)).Select(known => known.Id.Value)];
    }

    public async Task<IActionResult> OnPostAsync()
    {
        IsClosed = !(await Writer.PageAsync(Cancel)).TakesSubscribers;
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
        var wanted = By == ByWebhook ? subscriptions.NewWebhook(page.Id, Endpoint, Email) : Subscriber.ByEmail(page.Id, Email, Writer.Now);
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
        if (string.IsNullOrEmpty(Incident))
        {
            wanted.Choose(Chosen());
            return null;
        }
        if (Scope == OneIncident)
        {
            if (About is not { } about)
                throw new RuleViolation(
                    "That incident is over, so there is nothing more to tell of it. Choose something else, or leave it at that.",
                    nameof(Scope)
                );
            wanted.Choose([], [about.Id]);
            return about.Id;
        }
        var chosen = Scope == SomeComponents ? Chosen().ToList() : [];
        if (Scope == SomeComponents && chosen.Count == 0)
            throw new RuleViolation("Tick at least one component, or choose everything.", nameof(Scope));
        wanted.Choose(chosen);
        return null;
    }

    /// <summary>The form is shown without the store, too; sending it says what is wrong.</summary>
    private async Task<bool> IsClosedAsync()
    {
        try
        {
            return !(await Writer.PageAsync(Cancel)).TakesSubscribers;
        }
        catch (Exception exception) when (StoreSetup.IsOutage(exception))
        {
            return false;
        }
    }
}
