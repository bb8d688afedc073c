using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Records;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Records;

/// <summary>The times of one incident, and their correction.</summary>
public sealed class RecordPage(ChangeWriter writer, IncidentDesk incidents, RecordDesk records) : AdminPage(writer)
{
    [FromRoute]
    public string Id { get; set; } = "";

    /// <summary>The value of each datetime-local field, by the name of the moment.</summary>
    [BindProperty]
    public Dictionary<string, string?> Times { get; set; } = [];

    /// <summary>The values as they were shown.</summary>
    [BindProperty]
    public Dictionary<string, string?> AsShown { get; set; } = [];

    public Incident Incident { get; private set; } = null!;
    public IncidentRecord Record { get; private set; } = null!;

    /// <summary>Who has a role in it, in the order of the guide.</summary>
    public IReadOnlyList<IncidentAssignment> Team { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync() =>
        !await LoadAsync()
            ? NotFound()
            : await AttemptAsync(
                MayDraft,
                async () =>
                {
                    var typed = IncidentMoments.All.Select(moment => new TypedMoment(
                        moment,
                        AsShown.GetValueOrDefault(moment.ToString()),
                        Times.GetValueOrDefault(moment.ToString())
                    ));
                    Done = await records.CorrectAsync(Incident, typed, ZoneClock.For(StatusPage.TimeZone, Now), Actor, Token, Cancel)
                        ? Say["The record is corrected."]
                        : Say["Nothing was changed."];
                    return $"/admin/incidents/{Id}/record";
                },
                LoadAsync
            );

    /// <summary>What a field shows: what was typed, or the time as it is.</summary>
    public string FieldOf(RecordedMoment moment) => Times.GetValueOrDefault(moment.Moment.ToString()) ?? (moment.At is { } at ? Clock.Field(at) : "");

    public string ShownOf(RecordedMoment moment) => AsShown.GetValueOrDefault(moment.Moment.ToString()) ?? (moment.At is { } at ? Clock.Field(at) : "");

    private async Task<bool> LoadAsync()
    {
        if (await incidents.FindAsync(StatusPage.Id, Id, Cancel) is not { } incident)
            return false;
        (Incident, Record) = (incident, await records.FindAsync(incident.Id, Cancel));
        Team = await Db.IncidentAssignments.AsNoTracking().Where(row => row.IncidentId == incident.Id).OrderBy(row => row.Role).ToListAsync(Cancel);
        Token ??= NewToken();
        return true;
    }
}
