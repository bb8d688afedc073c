using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Channels;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Public;
using StatusPage.Web.Readers;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Subscriptions;

public sealed class ManagePage(ChangeWriter writer, PublicSite site, PublicAddress address, ThemeCatalog themes)
    : SubscriptionPage(writer, site, address, themes)
{
    [FromRoute]
    public string Token { get; set; } = "";

    public Subscriber? Subscriber { get; private set; }

    /// <summary>The incidents that are followed by name, and the one that the link in the mail was about.</summary>
    public IReadOnlyList<FollowedIncident> Incidents { get; private set; } = [];
    public override IReadOnlyList<FollowedIncident> Followed => Incidents;

    /// <summary>Whether the link was opened on a private page by nobody who reads it: it says what its mail said, and ends the subscription.</summary>
    public bool IsStranger => Snapshot.Access is not null && HttpContext.IsStranger();
    public bool IsWebhook => Subscriber?.IsProgram == true;

    /// <summary>The secret by which the receiver knows that a request comes from here.</summary>
    public string SigningSecret { get; private set; } = "";
    public bool IsSaved { get; private set; }
    public string UnsubscribeLink { get; private set; } = "";

    public async Task OnGetAsync(string? incident)
    {
        await LoadAsync(incident);
        if (Subscriber is null)
            return;
        Show();
        // A subscriber to everything hears of the incident anyway; if it were ticked, it would be all that they hear of.
        if (!Subscriber.WantsEverything && Incidents.Any(row => row.Id.Value == incident))
            IncidentIds.Add(incident!);
    }

    public async Task OnPostAsync(string? incident)
    {
        await LoadAsync(incident);
        if (Subscriber is null || IsStranger)
            return;
        try
        {
            var incidents = Scope == Everything ? [] : Incidents.Where(row => IncidentIds.Contains(row.Id.Value)).Select(row => row.Id);
            Subscriber.Choose(Chosen(), incidents);
            await SaveAsync(Subscriber, "subscriber.chose");
            Show();
            IsSaved = true;
        }
        catch (RuleViolation violation)
        {
            Refuse(violation);
        }
    }

    /// <summary>Ticks what is chosen.</summary>
    private void Show()
    {
        ComponentIds = [.. Subscriber!.ComponentIds.Select(id => id.Value)];
        IncidentIds = [.. Subscriber.IncidentIds.Select(id => id.Value)];
        Scope = null;
        ModelState.Clear();
    }

    private async Task LoadAsync(string? incident)
    {
        Subscriber = await FindAsync(SignedLinkPurpose.Manage, Token) is { State: SubscriptionState.Confirmed } found ? found : null;
        if (Subscriber is null)
        {
            Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var key = (await Writer.PageAsync(Cancel)).LinkKey;
        UnsubscribeLink = SignedLink.PathFor(SignedLinkPurpose.Unsubscribe, Subscriber.Id, key);
        if (IsWebhook)
            SigningSecret = WebhookSecret.For(Subscriber.Id, key);
        var offered = Snapshot.Open.FirstOrDefault(row => row.Id.Value == incident)?.Id;
        Incidents = await Writer.Db.FollowedAsync(Subscriber, offered is { } id ? [id] : [], Cancel);
    }
}

/// <param name="IsOver">Resolved; it may be reopened for a while.</param>
public sealed record FollowedIncident(IncidentId Id, string Title, bool IsOver);

internal static class FollowedIncidents
{
    /// <summary>The incidents that a subscriber follows by name, and those that are offered besides.</summary>
    public static Task<List<FollowedIncident>> FollowedAsync(
        this StatusDb db,
        Subscriber subscriber,
        IEnumerable<IncidentId> offered,
        CancellationToken cancel
    )
    {
        var ids = subscriber.IncidentIds.Concat(offered).Distinct().ToList();
        return db
            .Incidents.Where(row => row.PageId == subscriber.PageId && row.DeletedAt == null && ids.Contains(row.Id))
            .OrderByDescending(row => row.StartedAt)
            .Select(row => new FollowedIncident(row.Id, row.Title, row.ResolvedAt != null))
            .ToListAsync(cancel);
    }
}
