using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Snapshot;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Public;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Subscriptions;

/// <summary>The base of the live pages of subscribers. They look like the public page, and what they show of it comes from the snapshot.</summary>
[AllowAnonymous]
[EnableRateLimiting(Limits.Subscribe)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public abstract class SubscriptionPage(ChangeWriter writer, PublicSite site, PublicAddress address, ThemeCatalog themes) : LivePage(address, themes)
{
    public const string Everything = "everything";
    public const string SomeComponents = "components";
    public const string OneIncident = "incident";

    [BindProperty]
    public List<string> ComponentIds { get; set; } = [];

    /// <summary>Groups that were ticked as a whole.</summary>
    [BindProperty]
    public List<string> GroupIds { get; set; } = [];

    [BindProperty]
    public List<string> IncidentIds { get; set; } = [];

    /// <summary>Everything, what is ticked, or one incident alone. Null: what is ticked, or everything where nothing is.</summary>
    [BindProperty]
    public string? Scope { get; set; }

    /// <summary>The incident that may be subscribed to alone.</summary>
    public virtual IncidentView? Alone => null;

    /// <summary>Incidents that are offered beside the components.</summary>
    public virtual IReadOnlyList<FollowedIncident> Followed => [];

    public string ScopeShown =>
        Scope
        ?? (
            ComponentIds.Count + IncidentIds.Count > 0 ? SomeComponents
            : Alone is not null ? OneIncident
            : Everything
        );

    public override StatusSnapshot Snapshot => site.Current!.Snapshot;
    public override DateTimeOffset? AsOf => site.Current!.AsOf;
    protected ChangeWriter Writer => writer;

    // The framework would take it for a handler of the method PAGE.
    [NonHandler]
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context) => KeepAddressPrivate();

    /// <summary>The components of the page that were ticked, alone or with their group; none means everything.</summary>
    /// <exception cref="RuleViolation">Only some were wanted, and nothing was ticked.</exception>
    protected IReadOnlyList<ComponentId> Chosen()
    {
        if (Scope == Everything)
            return [];
        List<ComponentId> chosen =
        [
            .. Snapshot
                .Components.Where(component =>
                    ComponentIds.Contains(component.Id.Value) || (component.GroupId is { } group && GroupIds.Contains(group.Value))
                )
                .Select(component => component.Id),
        ];
        return Scope == SomeComponents && chosen.Count == 0 && IncidentIds.Count == 0
            ? throw new RuleViolation("Tick at least one component, or choose everything.", nameof(Scope))
            : chosen;
    }

    /// <summary>Shows the form again with what is wrong.</summary>
    protected void Refuse(RuleViolation violation)
    {
        Saying.Refuse(this, violation);
        Response.StatusCode = violation is LimitReached ? StatusCodes.Status429TooManyRequests : StatusCodes.Status422UnprocessableEntity;
        if (violation is LimitReached { Wait: var wait })
            Response.Headers.RetryAfter = Limits.Seconds(wait);
    }

    /// <summary>The subscriber that a signed link speaks for; null when it was not made here, or the subscriber is gone.</summary>
    protected async Task<Subscriber?> FindAsync(SignedLinkPurpose purpose, string? token)
    {
        var page = await writer.PageAsync(Cancel);
        // A member of a stakeholder group can leave it, and has nothing to choose.
        var subscribers = purpose == SignedLinkPurpose.Unsubscribe ? writer.Db.Subscribers.WithMembers() : writer.Db.Subscribers;
        return SignedLink.Read(purpose, token, page.LinkKey) is { } id
            ? await subscribers.FirstOrDefaultAsync(row => row.PageId == page.Id && row.Id == id, Cancel)
            : null;
    }

    protected Task SaveAsync(Subscriber subscriber, string action) =>
        writer.SaveAsync(subscriber.PageId, new("subscriber", action, subscriber.Id.Value), Cancel);
}
