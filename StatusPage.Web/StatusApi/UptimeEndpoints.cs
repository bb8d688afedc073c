using System.Globalization;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Pages;
using StatusPage.Web.Components;
using StatusPage.Web.Public;
using StatusPage.Web.Shared;

namespace StatusPage.Web.StatusApi;

/// <summary>
/// Uptime of components over a range that the caller names, by <c>start</c> and <c>end</c>; without them, over the range that the page shows.
/// </summary>
public static class UptimeEndpoints
{
    public static async Task<IResult> OfAsync(ManageRequest request, string id, string name, IReadOnlyList<Component> components)
    {
        var page = await request.PageAsync();
        var (start, end) = RangeOf(request, page, await request.ShownAsync());
        var states = await request.Writer.Db.StatesSinceAsync(page.Id, start, request.Cancel);
        // What did not exist yet was neither up nor down.
        var born = components.Count == 0 ? start : components.Min(component => component.StartedAt);
        var sum = Outage.Sum(components.Select(component => Outage.Within(component, states, start, end)));
        var percent = components.Count == 0 ? 100 : sum.UptimePercent(page.PartialPercent);
        var count = Math.Max(1, components.Count);
        return ManageApi.Ok(
            new UptimeShape(
                born > start
                    ? born < end
                        ? born
                        : end
                    : start,
                end,
                percent,
                (long)(sum.Major / count).TotalSeconds,
                (long)(sum.Partial / count).TotalSeconds,
                WarningOf(born, start, percent),
                id,
                name,
                RelatedEvents(components, states, start, end)
            )
        );
    }

    private static string? WarningOf(DateTimeOffset born, DateTimeOffset start, double? percent) =>
        percent is null ? $"In use since {InstantConverter.Text(born)}. Of less than {Outage.ShortestObserved.TotalHours:N0} hours no per cent is told."
        : born > start ? $"Counted from {InstantConverter.Text(born)}; there are no records before."
        : null;

    private static RelatedEvents RelatedEvents(IReadOnlyList<Component> components, ComponentStates states, DateTimeOffset start, DateTimeOffset end) =>
        new([.. components.SelectMany(component => states.IncidentsWithin(component.Id, start, end)).Distinct().Select(incident => incident.Value)], []);

    /// <summary>By default, the very range of the edition that the page shows, so that both tell the same.</summary>
    private static (DateTimeOffset Start, DateTimeOffset End) RangeOf(ManageRequest request, Page page, Edition? edition)
    {
        var now = request.Writer.Now;
        var shown = edition?.Snapshot is { } snapshot && snapshot.Version == page.Version && snapshot.AsOf < now ? snapshot.AsOf : now;
        var end = Moment(request.Request, "end") is { } given
            ? given < now
                ? given
                : now
            : shown;
        var zone = Zones.Of(page.TimeZone);
        var start = Moment(request.Request, "start") ?? zone.StartOf(zone.DateOf(end).AddDays(1 - UptimeHistory.Days));
        if (start >= end)
            throw new ApiException(StatusCodes.Status400BadRequest, "'start' must come before 'end', and must not lie in the future.");
        return (start, end);
    }

    private static DateTimeOffset? Moment(HttpRequest request, string name)
    {
        if (request.Query[name].ToString() is not { Length: > 0 } text)
            return null;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            throw new ApiException(StatusCodes.Status400BadRequest, $"'{name}' must be a time in ISO 8601, such as 2026-11-24T00:00:00Z.");
        return Instants.Contain(moment)
            ? moment.ToUniversalTime()
            : throw new ApiException(StatusCodes.Status400BadRequest, $"'{name}' must lie {Instants.Range}.");
    }
}
