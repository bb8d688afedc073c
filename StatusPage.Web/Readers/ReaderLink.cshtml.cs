using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Public;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Readers;

/// <summary>GET shows, POST uses the link up: programs that look at every link in a mail spoil none.</summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
[EnableRateLimiting(Limits.SignIn)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed class ReaderLinkPage(ReaderSessions sessions, StatusDb db, PublicSite site, PublicAddress address, ThemeCatalog themes, TimeProvider time)
    : LivePage(address, themes)
{
    private Edition? _edition;

    [FromRoute]
    public string Token { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public string? Then { get; set; }

    public override StatusSnapshot Snapshot => _edition!.Snapshot;
    public override DateTimeOffset? AsOf => null;
    public bool IsGood { get; private set; }

    public Task<IActionResult> OnGetAsync() => ShowAsync(_ => Task.FromResult<IActionResult>(Page()));

    public Task<IActionResult> OnPostAsync() =>
        ShowAsync(async link =>
        {
            IsGood = await db.OneTimeLinks.Where(row => row.Id == link.Id).ExecuteDeleteAsync(Cancel) > 0;
            var rule = _edition!.Gate!.Rule;
            if (!IsGood || await db.RoadOfAsync(link.PageId, rule, link.Email, Cancel) is not { } road)
                return Bad();
            sessions.Begin(HttpContext, site, rule, road, link.Email);
            return LocalRedirect(ReaderSessions.Inside(HttpContext, Then));
        });

    private async Task<IActionResult> ShowAsync(Func<OneTimeLink, Task<IActionResult>> use)
    {
        KeepAddressPrivate();
        if ((_edition = site.Current) is not { Gate: not null })
            return LocalRedirect("~/");
        var (hash, page) = (ApiKey.HashOf(Token), Snapshot.PageId);
        var link = await db
            .OneTimeLinks.AsNoTracking()
            .FirstOrDefaultAsync(row => row.Hash == hash && row.PageId == page && row.Purpose == OneTimeLinkPurpose.Read, Cancel);
        IsGood = link?.IsGood(time.GetUtcNow()) == true;
        return IsGood ? await use(link!) : Bad();
    }

    private PageResult Bad()
    {
        IsGood = false;
        Response.StatusCode = StatusCodes.Status404NotFound;
        return Page();
    }
}
