using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.RazorPages;
using StatusPage.Domain.Languages;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;
using StatusPage.Web.Snapshot;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Public;

/// <summary>What the layout of a public page needs, whether the page is rendered ahead or live.</summary>
public interface IPublicLayout
{
    StatusSnapshot Snapshot { get; }
    ZoneClock Clock { get; }
    SpokenLanguage Spoken { get; }
    Theme Theme { get; }
    DateTimeOffset? AsOf { get; }

    /// <summary>The absolute address of a page in the language that this one speaks.</summary>
    string Link(string path);

    /// <param name="language">Null: whatever the reader's browser asks for.</param>
    string Link(string path, Language? language);

    /// <summary>The same without scheme and host.</summary>
    string Path(string path, Language language) => new Uri(Link(path, language)).AbsolutePath;
}

/// <summary>The base of every page that is rendered ahead. It has the snapshot, and asks nothing else.</summary>
public sealed class PublicPage(PublicAddresses addresses, ThemeCatalog themes, RequestLanguage requestLanguage, Words say) : PageModel, IPublicLayout
{
    private ZoneClock? _clock;
    private Theme? _theme;

    private Rendering Rendering => HttpContext.Features.GetRequiredFeature<Rendering>();
    public StatusSnapshot Snapshot => Rendering.Snapshot;
    public DateTimeOffset? AsOf => Rendering.AsOf;
    public SpokenLanguage Spoken => requestLanguage.Spoken;
    public ZoneClock Clock => _clock ??= ZoneClock.For(Snapshot.TimeZone, Snapshot.AsOf, say);
    public Theme Theme => _theme ??= themes.Of(Snapshot);

    public T Subject<T>() => (T)Rendering.Subject!;

    public string Link(string path) => addresses.Of(Snapshot.Location).In(Spoken).Of(path);

    public string Link(string path, Language? language) => addresses.Of(Snapshot.Location).In(language).Of(path);
}
