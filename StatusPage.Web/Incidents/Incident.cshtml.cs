using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Incidents;

public sealed class IncidentPage(Desk desk, IncidentDesk incidents, DeliveryReports reports) : AdminPage(desk)
{
    /// <summary>How long after a post its progress is shown, beside what is still on its way.</summary>
    private static readonly TimeSpan JustNow = TimeSpan.FromMinutes(10);

    [FromRoute]
    public string Id { get; set; } = "";

    /// <summary>The incident's version when the form was shown; another one meanwhile is a conflict.</summary>
    [BindProperty]
    public int Version { get; set; }

    [BindProperty]
    public UpdateForm Update { get; set; } = new();

    [BindProperty]
    public string? Title { get; set; }

    [BindProperty]
    public string? Severity { get; set; }

    [BindProperty]
    public string? Impact { get; set; }

    public Incident Incident { get; private set; } = null!;
    public IReadOnlyList<Component> Components { get; private set; } = [];
    public IReadOnlyDictionary<UpdateId, DeliveryReport> Deliveries { get; private set; } = new Dictionary<UpdateId, DeliveryReport>();

    /// <summary>Of the latest update, as long as it is news.</summary>
    public ProgressView? Progress { get; private set; }
    public string Audience { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync()
    {
        if (await incidents.FindAsync(StatusPage.Id, Id, Cancel) is not { } incident) return NotFound();
        Incident = incident;
        Update = UpdateForm.After(incident);
        Token = NewToken();
        await ShowAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostUpdateAsync()
    {
        if (await incidents.FindAsync(StatusPage.Id, Id, Cancel) is not { } incident) return NotFound();
        return await AttemptAsync(MayPublish, async () =>
        {
            RefuseStale(incident);
            await incidents.PostAsync(StatusPage, incident, Update.Read(Clock, Now, await StillShownAsync(incident)), Actor, Token, Cancel);
            Done = "Posted. It is on the page now, and on its way to subscribers.";
            return $"/admin/incidents/{incident.Id}";
        }, ReloadAsync);
    }

    public async Task<IActionResult> OnPostDescribeAsync()
    {
        if (await incidents.FindAsync(StatusPage.Id, Id, Cancel) is not { } incident) return NotFound();
        return await AttemptAsync(MayPublish, async () =>
        {
            RefuseStale(incident);
            await incidents.DescribeAsync(incident, Title, Severities.Parse(Severity), Impacts.Parse(Impact), Actor, Token, Cancel);
            Done = "Saved.";
            return $"/admin/incidents/{incident.Id}";
        }, ReloadWithoutUpdateAsync);
    }

    public async Task<IActionResult> OnPostDeleteAsync()
    {
        if (await incidents.FindAsync(StatusPage.Id, Id, Cancel) is not { } incident)
            return await Desk.LedToAsync(Token, Cancel) is { } before ? LocalRedirect(before) : NotFound();
        return await AttemptAsync(MayPublish, async () =>
        {
            await incidents.DeleteAsync(incident, Actor, Token, Cancel);
            Done = $"'{incident.Title}' is off the page.";
            return "/admin/incidents";
        }, ReloadWithoutUpdateAsync);
    }

    private void RefuseStale(Incident incident)
    {
        if (incident.Version == Version) return;
        var latest = incident.Latest;
        throw new RuleViolation($"While you were writing, {latest.Author} changed this incident: it is '{incident.Phase.Label()}' since {Clock.Time(incident.UpdatedAt)}. "
            + "Nothing of yours was posted, and all of it is still here. Read what is new, then send it again.");
    }

    /// <summary>Shows the incident as it is now beside what was typed, which may then be sent against it.</summary>
    private async Task ReloadAsync()
    {
        Incident = (await incidents.FindAsync(StatusPage.Id, Id, Cancel))!;
        ModelState.Remove(nameof(Version));
        await ShowAsync();
    }

    /// <summary>After another form of the page: the update's fields were not sent, so they start from the incident again.</summary>
    private async Task ReloadWithoutUpdateAsync()
    {
        foreach (var key in ModelState.Keys.Where(key => key.StartsWith("Update.", StringComparison.Ordinal)).ToList()) ModelState.Remove(key);
        await ReloadAsync();
        Update = UpdateForm.After(Incident);
    }

    /// <summary>An archived component has no state to bring back.</summary>
    private async Task<IReadOnlyList<ComponentId>> StillShownAsync(Incident incident)
    {
        var touched = incident.ComponentIds.ToList();
        return await Db.Components.Where(row => touched.Contains(row.Id) && row.ArchivedAt == null).Select(row => row.Id).ToListAsync(Cancel);
    }

    private async Task ShowAsync()
    {
        Version = Incident.Version;
        Title ??= Incident.Title;
        Severity ??= Incident.Severity?.Code();
        Impact ??= Incident.ImpactOverride?.Code();
        Components = await Db.Components.AsNoTracking().Where(row => row.PageId == StatusPage.Id && row.ArchivedAt == null)
            .OrderBy(row => row.Position).ToListAsync(Cancel);
        Deliveries = await reports.FindAsync(Db, Incident.Updates.Where(update => update.Notifies).Select(update => update.Id), Cancel);
        var latest = Incident.Latest;
        if (Deliveries.GetValueOrDefault(latest.Id) is { } report && (!report.IsDone || Now - latest.PostedAt < JustNow))
            Progress = new(latest.Id.Value, report, Clock, Compact: true, MayRetry: false);
        Audience = await Db.AudienceAsync(StatusPage.Id, Cancel);
    }
}
