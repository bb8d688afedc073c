using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.RazorPages;
using StatusPage.Domain.Components;
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
public sealed class PublicPage(PublicAddress address, Theme theme) : PageModel, IPublicLayout
{
    private ZoneClock? _clock;

    private Rendering Rendering => HttpContext.Features.GetRequiredFeature<Rendering>();
    public StatusSnapshot Snapshot => Rendering.Snapshot;
    public DateTimeOffset? AsOf => Rendering.AsOf;
    public ZoneClock Clock => _clock ??= ZoneClock.For(Snapshot.TimeZone);
    public Theme Theme => theme;

    public T Subject<T>() => (T)Rendering.Subject!;

    public string Link(string path) => address.Of(path);
}

/// <summary>A component's bars with what they link to.</summary>
public sealed record BarsView(ComponentView Component, StatusSnapshot Snapshot, ZoneClock Clock)
{
    /// <summary>Pixels of one day in the drawing, gap included.</summary>
    public const int DayWidth = 4;

    public int OffsetOf(DateOnly date) => (date.DayNumber - Component.Uptime.From.DayNumber) * DayWidth;

    /// <summary>Days before the component existed.</summary>
    public int Unobserved => Component.Uptime.Since is { } since ? OffsetOf(since) : 0;

    public string Percent => Component.Uptime.UptimePercent.ToString(Component.Uptime.UptimePercent >= 99.995 ? "0" : "0.00", System.Globalization.CultureInfo.InvariantCulture);

    public string Describe(UptimeDay day)
    {
        var minutes = day.MajorMinutes + day.PartialMinutes + day.DegradedMinutes;
        var lasted = minutes > 0 ? $", {ZoneClock.Duration(TimeSpan.FromMinutes(minutes))}" : "";
        return $"{ZoneClock.Day(day.Date)}: {day.Worst.Label().ToLowerInvariant()}{lasted}";
    }

    public string Summary => Component.Uptime.Troubled.Count == 0
        ? $"{Component.Name}: no trouble in the last {UptimeHistory.Days} days"
        : $"{Component.Name}, last {UptimeHistory.Days} days. {string.Join("; ", Component.Uptime.Troubled.Select(Describe))}";

    public IncidentView? IncidentOn(DateOnly date) => Snapshot.Incidents.FirstOrDefault(incident =>
        incident.Affected.Any(affected => affected.ComponentId == Component.Id)
        && Clock.DateOf(incident.StartedAt) <= date && (incident.ResolvedAt is not { } end || Clock.DateOf(end) >= date));
}
