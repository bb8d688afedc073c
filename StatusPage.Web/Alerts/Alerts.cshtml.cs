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

/// <param name="Firing">Alerts of the case that fire now.</param>
/// <param name="Source">The name of the source of its first alert.</param>
/// <param name="EndsAnyway">Whether an end of its incident is drafted, though it fires again.</param>
public sealed record CaseRow(AlertCase Case, int Firing, string Source, bool EndsAnyway);

/// <summary>The inbox: what alerts became, which sources there are, and the rules between the two.</summary>
[Authorize(Policy = Permissions.Read)]
public sealed class AlertsPage(ChangeWriter writer, AlertDesk desk) : AdminPage(writer)
{
    public const string List = "/admin/alerts";
    private const int MostOver = 20;
    private const int MostOpen = 200;

    public IReadOnlyList<CaseRow> Open { get; private set; } = [];
    public IReadOnlyList<CaseRow> Over { get; private set; } = [];
    public IReadOnlyList<(AlertSource Source, AlertDelivery? Last)> Sources { get; private set; } = [];
    public IReadOnlyList<AlertRule> Rules { get; private set; } = [];

    public Task OnGetAsync() => LoadAsync();

    public Task<IActionResult> OnPostTakeAsync(string? id) =>
        AttemptAsync(
            MayDraft,
            async () =>
            {
                var found = await desk.FindAsync(StatusPage.Id, id, Cancel) ?? throw new MissingException("There is no such case.");
                await desk.TakeAsync(found, Actor, Cancel);
                return found.DraftId is { } draft && found.IncidentId is null ? $"/admin/incidents/new?draft={draft}" : $"{List}/{found.Id}";
            },
            LoadAsync
        );

    public Task<IActionResult> OnPostStopAsync(string? id) =>
        AttemptAsync(
            MayDraft,
            async () =>
            {
                var found = await desk.FindAsync(StatusPage.Id, id, Cancel) ?? throw new MissingException("There is no such case.");
                await desk.StopAsync(found, Actor, Cancel);
                Done = Say["It is not published by itself any more."];
                return List;
            },
            LoadAsync
        );

    public Task<IActionResult> OnPostMoveAsync(string? id, bool up) =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                var rules = AlertRule.InOrder(await Db.AlertRules.Where(row => row.PageId == StatusPage.Id).ToListAsync(Cancel)).ToList();
                var at = rules.FindIndex(row => row.Id.Value == id);
                var to = at + (up ? -1 : 1);
                if (at < 0 || to < 0 || to >= rules.Count)
                    return List;
                (rules[at], rules[to]) = (rules[to], rules[at]);
                for (var position = 0; position < rules.Count; position++)
                    rules[position].MoveTo(position);
                await desk.ChangeRulesAsync(StatusPage.Id, new(Actor, "alertrule.moved", rules[to].Subject), Cancel);
                return List;
            },
            LoadAsync
        );

    private async Task LoadAsync()
    {
        var cases = Db.AlertCases.AsNoTracking().Where(row => row.PageId == StatusPage.Id);
        var open = await cases
            .Where(row => row.State == AlertCaseState.Open || row.State == AlertCaseState.Held || Db.Outlived(Now).Contains(row.Id))
            .OrderByDescending(row => row.ReceivedAt)
            .Take(MostOpen)
            .ToListAsync(Cancel);
        var over = await cases
            .Where(row => (row.State == AlertCaseState.Over || row.State == AlertCaseState.Dropped) && !Db.Outlived(Now).Contains(row.Id))
            .OrderByDescending(row => row.ReceivedAt)
            .Take(MostOver)
            .ToListAsync(Cancel);
        var sources = await Db.AlertSources.AsNoTracking().Where(row => row.PageId == StatusPage.Id).OrderBy(row => row.Name).ToListAsync(Cancel);
        Open = await RowsAsync(open, sources);
        Over = await RowsAsync(over, sources);
        var last = new List<(AlertSource, AlertDelivery?)>();
        foreach (var source in sources)
            last.Add(
                (
                    source,
                    await Db
                        .AlertDeliveries.AsNoTracking()
                        .Where(row => row.SourceId == source.Id)
                        .OrderByDescending(row => row.Id)
                        .FirstOrDefaultAsync(Cancel)
                )
            );
        Sources = last;
        Rules = await Db.AlertRulesAsync(StatusPage.Id, Cancel);
        Token = NewToken();
    }

    private async Task<List<CaseRow>> RowsAsync(List<AlertCase> cases, List<AlertSource> sources)
    {
        var ids = cases.ConvertAll(row => row.Id);
        var episodes = (
            await Db
                .AlertEpisodes.AsNoTracking()
                .Where(row => ids.Contains(row.CaseId))
                .Select(row => new
                {
                    row.CaseId,
                    row.SourceId,
                    row.OpenKey,
                })
                .ToListAsync(Cancel)
        ).ToLookup(row => row.CaseId);
        var ends = cases.Where(row => row is { IncidentId: not null, ResolvedAt: null }).Select(row => row.EndDraftId).OfType<DraftId>().ToList();
        var drafted = await Db.Drafts.Where(row => ends.Contains(row.Id) && row.State < DraftState.Published).Select(row => row.Id).ToListAsync(Cancel);
        return cases.ConvertAll(row => new CaseRow(
            row,
            episodes[row.Id].Count(episode => episode.OpenKey is not null),
            sources.Find(source => source.Id == episodes[row.Id].FirstOrDefault()?.SourceId)?.Name ?? Say["a source that is gone"],
            row.EndDraftId is { } end && drafted.Contains(end)
        ));
    }
}
