using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Languages;
using StatusPage.Domain.Snapshot;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Notices;
using StatusPage.Web.Shared;
using StatusPage.Web.Snapshot;
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
public abstract class AudiencePage(Desk desk, AudienceSite audiences, NoticeBox notices, PublicAddress address, Themes.Themes themes, Settings settings) : PageModel, IPublicLayout
{
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    /// <summary>A link that was just sent is not sent again.</summary>
    private static readonly TimeSpan LinkEach = TimeSpan.FromMinutes(5);

    private ZoneClock? _clock;

    [FromRoute]
    public string Slug { get; set; } = "";

    public Audience Audience { get; private set; } = null!;
    public StatusSnapshot Snapshot { get; private set; } = null!;
    public DateTimeOffset? AsOf => null;
    public SpokenLanguage Spoken => HttpContext.RequestServices.GetRequiredService<Speech>().Spoken;
    public ZoneClock Clock => _clock ??= ZoneClock.For(Snapshot.TimeZone, Snapshot.AsOf, Words.Of(Spoken.Language));
    public Theme Theme => themes.Of(Snapshot.Theme);
    public string Root => $"/audiences/{Slug}";
    protected CancellationToken Cancel => HttpContext.RequestAborted;

    public string Link(string path) => address.In(Spoken).Of(path);

    public string Link(string path, Language? language) => address.In(language).Of(path);

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Response.Headers["Referrer-Policy"] = "no-referrer";
        Response.Headers["X-Robots-Tag"] = "noindex";
        var page = await desk.PageAsync(Cancel);
        if (await audiences.FindAsync(page.Id, Slug, Cancel) is not { } audience)
        {
            context.Result = NotFound();
            return;
        }
        Audience = audience;
        if (Request.Query["key"].ToString() is { Length: > 0 } key)
        {
            if (await IsMemberAsync(page, key))
            {
                Response.Cookies.Append(CookieNames.Member(settings), key, new()
                {
                    Path = Request.PathBase + Root, HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = Remembered, IsEssential = true,
                    Secure = HostingSetup.SecurePolicy(settings) == CookieSecurePolicy.Always || Request.IsHttps,
                });
            }
            // The link's key does not stay in the address.
            context.Result = LocalRedirect(Request.PathBase + Request.Path);
            return;
        }
        if (!await IsMemberAsync(page, Request.Cookies[CookieNames.Member(settings)]))
        {
            if (HttpMethods.IsPost(Request.Method)) await SendLinkAsync(page);
            context.Result = Enter();
            return;
        }
        Snapshot = await audiences.SnapshotAsync(audience, Cancel);
        await next();
    }

    /// <summary>The same words for everybody, so that nobody learns who is a member.</summary>
    private PartialViewResult Enter()
    {
        var isAsked = HttpMethods.IsPost(Request.Method);
        return new() { ViewName = "/Audiences/Enter.cshtml", ViewData = new ViewDataDictionary<EnterView>(ViewData, new EnterView(Audience.Name, isAsked)), StatusCode = isAsked ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized };
    }

    private async Task<bool> IsMemberAsync(Domain.Pages.Page page, string? key) =>
        SignedLink.Read(LinkPurpose.Manage, key, page.LinkKey) is { } id
        && await desk.Db.Subscribers.WithMembers().AnyAsync(row => row.Id == id && row.AudienceId == Audience.Id && row.State == SubscriptionState.Confirmed, Cancel);

    private async Task SendLinkAsync(Domain.Pages.Page page)
    {
        if (string.IsNullOrWhiteSpace(Request.Form["Email"])) return;
        var key = $"{Audience.Id}:{EmailAddress.Key(Request.Form["Email"].ToString().Trim())}";
        if (await desk.Db.Subscribers.WithMembers().FirstOrDefaultAsync(row => row.PageId == page.Id && row.Key == key && row.State == SubscriptionState.Confirmed, Cancel) is not { } member) return;
        // Unique for a few minutes: whoever asks again and again has one mail sent.
        var notice = $"audience.{member.Id}.{desk.Now.Ticks / LinkEach.Ticks}";
        if (await desk.Db.Notices.AnyAsync(row => row.Key == notice, Cancel)) return;
        notices.Mail(page.Id, notice, member.Email!, new($"[{page.Name}] Your link to the page of {Audience.Name}",
            $"Somebody, most likely you, asked for a link to the page of {Audience.Name} at {page.Name}. It is yours alone; do not pass it on.", "Open the page",
            $"{Root}?key={SignedLink.TokenFor(LinkPurpose.Manage, member.Id, page.LinkKey)}"));
        await desk.SaveAsync(page.Id, new("member", "audience.link-sent", $"{Audience.Name} {member.Id}"), Cancel);
    }
}

public sealed record EnterView(string Name, bool IsAsked);

public sealed class AudienceHomePage(Desk desk, AudienceSite audiences, NoticeBox notices, PublicAddress address, Themes.Themes themes, Settings settings)
    : AudiencePage(desk, audiences, notices, address, themes, settings)
{
    public void OnGet() { }
}

public sealed class AudienceIncidentPage(Desk desk, AudienceSite audiences, NoticeBox notices, PublicAddress address, Themes.Themes themes, Settings settings)
    : AudiencePage(desk, audiences, notices, address, themes, settings)
{
    public IncidentView Incident { get; private set; } = null!;

    public IActionResult OnGet(string id)
    {
        if (Snapshot.Incidents.FirstOrDefault(incident => incident.Id.Value == id) is not { } incident) return NotFound();
        Incident = incident;
        return Page();
    }
}
