using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Languages;
using StatusPage.Domain.Snapshot;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Public;
using StatusPage.Web.Shared;
using StatusPage.Web.Subscriptions;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Audiences;

/// <summary>
/// Behind the pages of a stakeholder group. A member's link, from any mail of the group, opens them and leaves a cookie;
/// without one, a member has a fresh link sent.
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
) : PageModel, IPublicLayout
{
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    private ZoneClock? _clock;

    [FromRoute]
    public string Slug { get; set; } = "";

    public Audience Audience { get; private set; } = null!;
    public StatusSnapshot Snapshot { get; private set; } = null!;
    public DateTimeOffset? AsOf => null;
    public SpokenLanguage Spoken => HttpContext.RequestServices.GetRequiredService<RequestLanguage>().Spoken;
    public ZoneClock Clock => _clock ??= ZoneClock.For(Snapshot.TimeZone, Snapshot.AsOf, Words.Of(Spoken.Language));
    public Theme Theme => themes.Of(Snapshot.Theme);
    public string Root => $"/audiences/{Slug}";
    protected CancellationToken Cancel => HttpContext.RequestAborted;

    public string Link(string path) => address.In(Spoken).Of(path);

    public string Link(string path, Language? language) => address.In(language).Of(path);

    // The framework would take it for a handler of the method PAGE.
    [NonHandler]
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Response.Headers["Referrer-Policy"] = "same-origin";
        Response.Headers["X-Robots-Tag"] = "noindex";
        var key = Request.Query["key"].ToString();
        var isFromLink = key.Length > 0;
        var member = await FindMembershipAsync(isFromLink ? key : Request.Cookies[CookieNames.Member(settings)]);
        if (isFromLink)
        {
            if (member is not null)
                Remember(key);
            // The link's key does not stay in the address.
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
        Snapshot = await audiences.SnapshotAsync(member, Cancel);
        await next();
    }

    /// <summary>The same words for everybody and at every address, so that nobody learns which groups there are and who is in them.</summary>
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

    /// <returns>The group, when the key is that of a member. Who has no key that the page signed learns nothing by how long it takes, as nothing is looked up for them.</returns>
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
