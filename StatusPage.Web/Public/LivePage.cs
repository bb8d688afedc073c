using Microsoft.AspNetCore.Mvc.RazorPages;
using StatusPage.Domain.Languages;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Public;

/// <summary>Behind each page that is made for its request and looks like the public page: search, subscriptions, stakeholder groups.</summary>
public abstract class LivePage(PublicAddress address, ThemeCatalog themes) : PageModel, IPublicLayout
{
    private ZoneClock? _clock;

    public abstract StatusSnapshot Snapshot { get; }
    public abstract DateTimeOffset? AsOf { get; }
    public SpokenLanguage Spoken => HttpContext.RequestServices.GetRequiredService<RequestLanguage>().Spoken;
    public ZoneClock Clock => _clock ??= ZoneClock.For(Snapshot.TimeZone, Snapshot.AsOf, Words.Of(Spoken.Language));
    public Theme Theme => themes.Of(Snapshot);
    protected CancellationToken Cancel => HttpContext.RequestAborted;

    public string Link(string path) => address.In(Spoken).Of(path);

    public string Link(string path, Language? language) => address.In(language).Of(path);

    /// <summary>
    /// The address holds a secret of the reader, so no other site may hear of it. With "no-referrer" the page's own forms would have no origin.
    /// </summary>
    protected void KeepAddressPrivate()
    {
        Response.Headers["Referrer-Policy"] = "same-origin";
        Response.Headers["X-Robots-Tag"] = "noindex";
    }
}
