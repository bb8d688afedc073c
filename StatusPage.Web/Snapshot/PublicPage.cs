using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.RazorPages;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Snapshot;

/// <summary>What the layout of a public page needs, be the page rendered ahead or live.</summary>
public interface IPublicLayout
{
    StatusSnapshot Snapshot { get; }
    ZoneClock Clock { get; }
    Theme Theme { get; }
    DateTimeOffset? AsOf { get; }
    string Link(string path);
}

/// <summary>Behind every page that is rendered ahead: the snapshot, and nothing else to ask.</summary>
public sealed class PublicPage(PublicAddresses addresses, Themes.Themes themes) : PageModel, IPublicLayout
{
    private ZoneClock? _clock;
    private Theme? _theme;

    private Rendering Rendering => HttpContext.Features.GetRequiredFeature<Rendering>();
    public StatusSnapshot Snapshot => Rendering.Snapshot;
    public DateTimeOffset? AsOf => Rendering.AsOf;
    public ZoneClock Clock => _clock ??= ZoneClock.For(Snapshot.TimeZone);
    public Theme Theme => _theme ??= themes.Of(Snapshot.Theme);

    public T Subject<T>() => (T)Rendering.Subject!;

    public string Link(string path) => addresses.Of(Snapshot.Location).Of(path);
}
