using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using StatusPage.Domain;
using StatusPage.Domain.Records;
using StatusPage.Domain.Reviews;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Reviews;

/// <summary>A month in review: to be read together, printed, or kept as Markdown.</summary>
public sealed class ReviewPage(ChangeWriter writer, ReviewDesk desk, PublicAddresses addresses) : AdminPage(writer)
{
    /// <summary>As 2026-11; without it, the last month that is over.</summary>
    [FromRoute]
    public string? Month { get; set; }

    public MonthReview Review { get; private set; } = null!;
    public DateOnly First => Review.First;
    public bool HasNext => !(First >= ThisMonth);
    private DateOnly ThisMonth => RecordReport.MonthOf(Now, Zones.Of(StatusPage.TimeZone));

    public static string Code(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    public async Task<IActionResult> OnGetMarkdownAsync() =>
        await LoadAsync()
            ? File(
                Encoding.UTF8.GetBytes(ReviewMarkdown.Write(Review, StatusPage.Name, Clock, addresses.Of(StatusPage.Location))),
                "text/markdown; charset=utf-8",
                $"review-{Code(First)}.md"
            )
            : NotFound();

    private async Task<bool> LoadAsync()
    {
        var month =
            Month is null ? ThisMonth.AddMonths(-1)
            : Instants.Day($"{Month}-01") is { } day ? day
            : (DateOnly?)null;
        if (month is not { } first || first > ThisMonth)
            return false;
        Review = await desk.TellAsync(StatusPage, first, Cancel);
        return true;
    }
}
