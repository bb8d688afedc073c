using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Promises;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Promises;

internal static class PromiseQueries
{
    /// <summary>The open promises, the one that lapses first on top.</summary>
    public static async Task<IReadOnlyList<OpenPromise>> OpenPromisesAsync(this StatusDb db, PageId page, CancellationToken cancel)
    {
        var rows = await (
            from incident in db.Incidents
            where incident.PageId == page && incident.DeletedAt == null && incident.ResolvedAt == null
            from update in incident.Updates
            where
                update.NextUpdateBy != null
                && update.WithdrawnAt == null
                && update.IsPublic == incident.IsPublic
                && update.Number
                    == incident.Updates.Where(other => other.WithdrawnAt == null && other.IsPublic == incident.IsPublic).Max(other => other.Number)
            orderby update.NextUpdateBy
            select new
            {
                incident.Id,
                UpdateId = update.Id,
                incident.Title,
                incident.Severity,
                update.PostedAt,
                update.NextUpdateBy,
                update.Author,
            }
        )
            .AsNoTracking()
            .ToListAsync(cancel);
        return [.. rows.Select(row => new OpenPromise(row.Id, row.UpdateId, row.Title, row.Severity, row.PostedAt, row.NextUpdateBy!.Value, row.Author))];
    }

    /// <summary>How promises were kept in the last months: reads only a few columns of each update.</summary>
    public static async Task<PromiseReport> PromiseReportAsync(this StatusDb db, Page page, DateTimeOffset now, CancellationToken cancel)
    {
        var zone = Zones.Of(page.TimeZone);
        // An incident that began earlier may contain promises of these months.
        var since = PromiseReport.Start(now, zone);
        var rows = await (
            from incident in db.Incidents
            where
                incident.PageId == page.Id
                && incident.DeletedAt == null
                && incident.WithdrawnAt == null
                && incident.BackfilledAt == null
                && incident.IsPublic
                && incident.UpdatedAt >= since
            from update in incident.Updates
            where update.IsPublic && update.WithdrawnAt == null
            select new
            {
                incident.Id,
                incident.Severity,
                incident.StartedAt,
                update.Number,
                update.PostedAt,
                update.NextUpdateBy,
            }
        )
            .AsNoTracking()
            .ToListAsync(cancel);
        return PromiseReport.Tell(
            rows.GroupBy(row => row.Id)
                .Select(group => new PromiseRecord(
                    group.First().Severity,
                    group.First().StartedAt,
                    [.. group.OrderBy(row => row.Number).Select(row => new PromisePost(row.PostedAt, row.NextUpdateBy))]
                )),
            zone,
            now
        );
    }
}
