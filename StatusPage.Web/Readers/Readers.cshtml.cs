using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using StatusPage.Domain.Readers;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Accounts.SigningIn;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Public;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Readers;

/// <summary>
/// What strangers see of a private page, at whatever address: its name, and the roads in. Its forms have no token, since the keys for that lie in the store
/// and readers come in while that is away; what other sites send is refused by where it comes from.
/// </summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
[EnableRateLimiting(Limits.SignIn)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed class ReadersPage(
    ReaderSessions sessions,
    ReaderLinks links,
    PublicSite site,
    PublicAddress address,
    ThemeCatalog themes,
    Settings settings,
    TimeProvider time,
    Words say
) : LivePage(address, themes)
{
    public const string Away = "away",
        Unconfirmed = "unconfirmed",
        Unlisted = "unlisted";

    private Edition? _edition;

    [BindProperty]
    public string? Password { get; set; }

    [BindProperty]
    public string? Email { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Then { get; set; }

    public override StatusSnapshot Snapshot => _edition!.Snapshot;
    public override DateTimeOffset? AsOf => null;
    public AccessRule Rule => _edition!.Gate!.Rule;

    /// <summary>The name of the provider by which readers sign in; null: they do not.</summary>
    public string? Provider => Rule.ProviderReads ? settings.Oidc?.Name : null;
    public bool IsLinkSent { get; private set; }
    public string? PasswordProblem { get; private set; }
    public string? Problem { get; private set; }

    public IActionResult OnGet(string? problem)
    {
        if (!IsPrivate())
            return NotFound();
        if (HttpContext.Features.Get<AskedFor>() is { } asked)
        {
            Response.StatusCode = StatusCodes.Status401Unauthorized;
            Then = asked.Path;
        }
        else if (_edition!.Gate!.Knows(Request.Headers.Cookie, time.GetUtcNow()))
            return LocalRedirect(ReaderSessions.Inside(HttpContext, Then));
        Problem = problem switch
        {
            Away => say["{0} does not answer. Try again in a moment, or come in another way.", settings.Oidc?.Name],
            Unconfirmed => say["{0} did not confirm who you are. Try again.", settings.Oidc?.Name],
            Unlisted => say["Your address is not among those that may read this page. Ask whoever gave you its address."],
            _ => null,
        };
        return Page();
    }

    public async Task<IActionResult> OnPostPasswordAsync()
    {
        if (!IsPrivate())
            return NotFound();
        var result = await sessions.TryAsync(HttpContext, site, Rule, Password);
        if (result == GuessResult.Right)
        {
            sessions.Begin(HttpContext, site, Rule, ReaderRoad.Password, Rule.PasswordMark!);
            return LocalRedirect(ReaderSessions.Inside(HttpContext, Then));
        }
        PasswordProblem = say[
            result == GuessResult.Wrong ? "The password is wrong." : "There were too many wrong passwords. Wait for five minutes, then try again."
        ];
        Response.StatusCode = result == GuessResult.Wrong ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status429TooManyRequests;
        return Page();
    }

    /// <summary>The answer comes before anything is looked up, and is the same for every address.</summary>
    public IActionResult OnPostLink()
    {
        if (!IsPrivate() || !Rule.MailsLinks)
            return NotFound();
        links.Ask(new(Snapshot.PageId, Email?.Trim() ?? "", Spoken.Language, ReaderSessions.Inside(HttpContext, Then)));
        IsLinkSent = true;
        return Page();
    }

    private bool IsPrivate()
    {
        KeepAddressPrivate();
        return (_edition = site.Current) is { Gate: not null };
    }
}
