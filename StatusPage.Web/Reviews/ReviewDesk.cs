using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Promises;
using StatusPage.Domain.Records;
using StatusPage.Domain.Reviews;
using StatusPage.Web.Components;
using StatusPage.Web.Data;
using StatusPage.Web.Promises;
using StatusPage.Web.Records;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Reviews;

/// <summary>Reads a month from what the other rooms keep.</summary>
public sealed class ReviewDesk(ChangeWriter writer)
{
    public const string Path = "/admin/review";

    /// <param name="first">The first day of the month.</param>
    public async Task<MonthReview> TellAsync(Page page, DateOnly first, CancellationToken cancel)
    {
        var (db, zone) = (writer.Db, Zones.Of(page.TimeZone));
        var (from, end) = (zone.StartOf(first), zone.StartOf(first.AddMonths(1)));
        var until = end < writer.Now ? end : writer.Now;
        var records = await db.RecordsWithinAsync(page.Id, from, end, cancel);
        // The report covers twelve months: a month that is longer ago is the first of its own twelve.
        var last = zone.StartOf(first.AddMonths(PromiseReport.MonthsShown - 1));
        var promises = await db.PromiseReportAsync(page, last < writer.Now ? last : writer.Now, cancel);
        var actions = await db.ActionItems.AsNoTracking().Where(row => row.PageId == page.Id && row.CreatedAt < end).ToListAsync(cancel);
        var states = await db.StatesSinceAsync(page.Id, from, cancel);
        return new(
            first,
            records,
            RecordReport.Tell(records, first, 1, zone),
            promises.Months.FirstOrDefault(month => month.First == first),
            MonthActions.Tell(actions, from, until, zone.DateOf(until)),
            MonthReview.Worst(states, from, until, page.PartialPercent),
            end <= writer.Now
        );
    }
}
