using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Snapshot;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Public;
using StatusPage.Web.Subscriptions;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Audiences;

/// <summary>
/// Base of the pages of a stakeholder group. A member's link, from any mail of the group, opens them and sets a cookie. A member without one can have a
/// new link sent.
/// </summary>
[AllowAnonymous]
[EnableRateLimiting(Limits.Subscribe)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public abstract class AudiencePage(
    ChangeWriter writer,
    AudienceSite audiences,
    LinkRequests links,
    PublicSite site,
    PublicAddress address,
    ThemeCatalog themes,
    Settings settings
) : LivePage(address, themes)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    private StatusSnapshot? _snapshot;

    [FromRoute]
    public string Slug { get; set; } = "";

    public Audience Audience { get; private set; } = null!;
    public override StatusSnapshot Snapshot => _snapshot!;
    public override DateTimeOffset? AsOf => null;
    public string Root => $"/audiences/{Slug}";

    // Without this, the framework would treat it as a handler for the method PAGE.
    [NonHandler]
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        KeepAddressPrivate();
        var key = Request.Query["key"].ToString();
        var isFromLink = key.Length > 0;
        var member = await FindMembershipAsync(isFromLink ? key : Request.Cookies[CookieNames.Member(settings)]);
        if (isFromLink)
        {
            if (member is not null)
                Remember(key);
            // Removes the link's key from the address.
            context.Result = LocalRedirect(Request.PathBase + Request.Path);
            return;
        }
        if (member is null)
        {
            if (HttpMethods.IsPost(Request.Method))
                AskForLink();
            context.Result = Enter();
            return;
        }
        Audience = member;
        _snapshot = await audiences.SnapshotAsync(member, Cancel);
        await next();
    }

    /// <summary>The same text for everybody and at every address, so that nobody learns which groups exist and who is in them.</summary>
    private PartialViewResult Enter()
    {
        var isAsked = HttpMethods.IsPost(Request.Method);
        return new()
        {
            ViewName = "/Audiences/Enter.cshtml",
            ViewData = new ViewDataDictionary<EnterView>(ViewData, new EnterView(isAsked)),
            StatusCode = isAsked ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized,
        };
    }

    /// <returns>
    /// The group, when the key is a member's. Nothing is looked up for a key that the page did not sign, so response times reveal nothing to its sender.
    /// </returns>
    private async Task<Audience?> FindMembershipAsync(string? key)
    {
        if (string.IsNullOrEmpty(key) || site.PageId is not { } page)
            return null;
        var entrance = await audiences.EntranceAsync(page, Cancel);
        if (SignedLink.Read(SignedLinkPurpose.Manage, key, entrance.LinkKey) is not { } id || !entrance.Open.TryGetValue(Slug, out var audience))
            return null;
        var isMember = await writer
            .Db.Subscribers.WithMembers()
            .AnyAsync(row => row.Id == id && row.AudienceId == audience.Id && row.State == SubscriptionState.Confirmed, Cancel);
        return isMember ? audience : null;
    }

    private void Remember(string key) =>
        Response.Cookies.Append(
            CookieNames.Member(settings),
            key,
            new()
            {
                Path = Request.PathBase + Root,
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                MaxAge = Remembered,
                IsEssential = true,
                Secure = HostingSetup.SecurePolicy(settings) == CookieSecurePolicy.Always || Request.IsHttps,
            }
        );

    private void AskForLink()
    {
        if (site.PageId is { } page && Request.HasFormContentType && Request.Form["Email"].ToString().Trim() is { Length: > 0 } email)
            links.Ask(new(page, Slug, email));
    }
}

public sealed record EnterView(bool IsAsked);

public sealed class AudienceHomePage(
    ChangeWriter writer,
    AudienceSite audiences,
    LinkRequests links,
    PublicSite site,
    PublicAddress address,
    ThemeCatalog themes,
    Settings settings
) : AudiencePage(writer, audiences, links, site, address, themes, settings)
{
    public void OnGet() { }
}

public sealed class AudienceIncidentPage(
    ChangeWriter writer,
    AudienceSite audiences,
    LinkRequests links,
    PublicSite site,
    PublicAddress address,
    ThemeCatalog themes,
    Settings settings
) : AudiencePage(writer, audiences, links, site, address, themes, settings)
{
    public IncidentView Incident { get; private set; } = null!;

    public IActionResult OnGet(string id)
    {
        if (Snapshot.Incidents.FirstOrDefault(incident => incident.Id.Value == id) is not { } incident)
            return NotFound();
        Incident = incident;
        return Page();
    }
}
