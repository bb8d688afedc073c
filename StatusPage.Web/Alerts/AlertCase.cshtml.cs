using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Drafts;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Alerts;

/// <summary>One case: its alerts, its timeline, and what a person can do with it.</summary>
[Authorize(Policy = Permissions.Read)]
public sealed class AlertCasePage(ChangeWriter writer, AlertDesk desk, AlertChartPicture picture) : AdminPage(writer)
{
    private const int MostLines = 300;

    [FromRoute]
    public string Id { get; set; } = "";

    public AlertCase Case { get; private set; } = null!;
    public IReadOnlyList<AlertEpisode> Episodes { get; private set; } = [];
    public IReadOnlyList<AlertLine> Lines { get; private set; } = [];
    public IReadOnlyList<AlertCase> Others { get; private set; } = [];

    /// <summary>Whether an end of its incident is drafted, though it fires again.</summary>
    public bool EndsAnyway { get; private set; }

    /// <summary>The metric behind it; null: none is known.</summary>
    public AlertChart? Chart { get; private set; }

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    /// <summary>The chart as an SVG document.</summary>
    public async Task<IActionResult> OnGetChartAsync() =>
        await desk.FindAsync(StatusPage.Id, Id, Cancel) is { } found && await Db.ChartOfAsync(found, Cancel) is { } chart
            ? Content(await picture.DrawAsync(chart, Clock, Now), "image/svg+xml; charset=utf-8")
            : NotFound();

    public Task<IActionResult> OnPostTakeAsync() => ActAsync(found => desk.TakeAsync(found, Actor, Cancel));

    public Task<IActionResult> OnPostStopAsync() => ActAsync(found => desk.StopAsync(found, Actor, Cancel));

    public Task<IActionResult> OnPostDiscardAsync() => ActAsync(found => desk.DiscardAsync(found, Actor, Cancel));

    public Task<IActionResult> OnPostJoinAsync(string? into) =>
        ActAsync(async found =>
            await desk.JoinAsync(
                found,
                await desk.FindAsync(StatusPage.Id, into, Cancel) ?? throw new RuleViolation("Choose the case that it belongs to.", "into"),
                Actor,
                Cancel
            )
        );

    private async Task<IActionResult> ActAsync(Func<AlertCase, Task> act) =>
        !await LoadAsync()
            ? NotFound()
            : await AttemptAsync(
                MayDraft,
                async () =>
                {
                    await act(await desk.FindAsync(StatusPage.Id, Id, Cancel) ?? throw new MissingException("There is no such case."));
                    return $"{AlertsPage.List}/{Id}";
                },
                LoadAsync
            );

    private async Task<bool> LoadAsync()
    {
        if (!PublicId.LooksLikeOne(Id))
            return false;
        var id = AlertCaseId.Of(Id);
        if (await Db.AlertCases.AsNoTracking().FirstOrDefaultAsync(row => row.PageId == StatusPage.Id && row.Id == id, Cancel) is not { } found)
            return false;
        Case = found;
        Episodes = await Db.AlertEpisodes.AsNoTracking().Where(row => row.CaseId == id).OrderBy(row => row.Id).Take(100).ToListAsync(Cancel);
        Lines = await Db.AlertLines.AsNoTracking().Where(row => row.CaseId == id).OrderByDescending(row => row.Id).Take(MostLines).ToListAsync(Cancel);
        Others = await Db
            .AlertCases.AsNoTracking()
            .Where(row => row.PageId == StatusPage.Id && row.State == AlertCaseState.Open && row.Id != id)
            .OrderByDescending(row => row.ReceivedAt)
            .Take(50)
            .ToListAsync(Cancel);
        EndsAnyway =
            found is { EndDraftId: { } end, ResolvedAt: null }
            && await Db.Drafts.AnyAsync(row => row.Id == end && row.State < DraftState.Published, Cancel);
        Chart = await Db.ChartOfAsync(found, Cancel);
        Token = NewToken();
        return true;
    }
}
