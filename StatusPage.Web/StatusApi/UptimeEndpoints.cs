using System.Globalization;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;

namespace StatusPage.Web.StatusApi;

/// <summary>Uptime of components over a range that the caller names, by <c>start</c> and <c>end</c>; else the last 90 days.</summary>
public static class UptimeEndpoints
{
    public static async Task<IResult> OfAsync(ManageRequest request, string id, string name, IReadOnlyList<Component> components)
    {
        var now = request.Desk.Now;
        var end = Moment(request.Request, "end") is { } given && given < now ? given : now;
        var start = Moment(request.Request, "start") ?? end.AddDays(-UptimeHistory.Days);
        if (start >= end) throw new ApiException(StatusCodes.Status400BadRequest, "'start' must come before 'end', and must not lie in the future.");
        // What did not exist yet was neither up nor down.
        var born = components.Count == 0 ? start : components.Min(component => component.StartedAt);
        var warning = born > start ? $"Counted from {InstantConverter.Text(born)}; there are no records before." : null;
        if (born > start) start = born < end ? born : end;
        var page = await request.PageAsync();
        var ids = components.Select(component => component.Id).ToList();
        var changes = (await request.Desk.Db.StatusChanges.AsNoTracking().Where(row => row.PageId == page.Id && ids.Contains(row.ComponentId) && row.At >= start).OrderBy(row => row.At).ThenBy(row => row.Id).ToListAsync(request.Cancel)).ToLookup(row => row.ComponentId);
        TimeSpan partial = default, major = default;
        foreach (var component in components)
        {
            var (someDown, allDown) = UptimeHistory.Down(component, [.. changes[component.Id]], start, end, now);
            (partial, major) = (partial + someDown, major + allDown);
        }
        if (components.Count > 1) (partial, major) = (partial / components.Count, major / components.Count);
        var range = (end - start).TotalSeconds;
        var down = major.TotalSeconds + partial.TotalSeconds * page.PartialPercent / 100;
        var incidents = changes.SelectMany(rows => rows).Where(row => row.At <= end && row.IncidentId is not null).Select(row => row.IncidentId!.Value.Value).Distinct().ToList();
        return ManageApi.Ok(new UptimeShape(
            start, end, range <= 0 ? 100 : Math.Round(100 * (1 - Math.Min(1, down / range)), 4), (long)major.TotalSeconds, (long)partial.TotalSeconds, warning, id, name, new(incidents, [])));
    }

    private static DateTimeOffset? Moment(HttpRequest request, string name)
    {
        if (request.Query[name].ToString() is not { Length: > 0 } text) return null;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            throw new ApiException(StatusCodes.Status400BadRequest, $"'{name}' must be a time in ISO 8601, such as 2026-11-24T00:00:00Z.");
        return Instants.Contain(moment) ? moment.ToUniversalTime() : throw new ApiException(StatusCodes.Status400BadRequest, $"'{name}' must lie {Instants.Range}.");
    }
}
