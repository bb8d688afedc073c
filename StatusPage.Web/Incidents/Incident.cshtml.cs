using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Postmortems;
using StatusPage.Web.Accounts;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Drafts;
using StatusPage.Web.Postmortems;

namespace StatusPage.Web.Incidents;

public sealed class IncidentPage(
    ChangeWriter writer,
    IncidentDesk incidents,
    DeliveryReports reports,
    Composer composer,
    Previews previews,
    Countdowns countdowns,
    ActionDesk actions
) : ComposerPage(writer, incidents, composer, previews, countdowns)
{
    /// <summary>How long after a post its progress is shown, besides what is still being sent.</summary>
    private static readonly TimeSpan JustNow = TimeSpan.FromMinutes(10);

    [FromRoute]
    public string Id { get; set; } = "";

    /// <summary>The incident's version when the form was shown; another one meanwhile is a conflict.</summary>
    [BindProperty]
    public int Version { get; set; }

    public Incident Incident { get; private set; } = null!;
    public IReadOnlyDictionary<UpdateId, DeliveryReport> Deliveries { get; private set; } = new Dictionary<UpdateId, DeliveryReport>();

    /// <summary>The progress of the latest update, while it is recent.</summary>
    public ProgressView? Progress { get; private set; }

    /// <summary>For the internal timeline.</summary>
    [BindProperty]
    public string? Note { get; set; }

    /// <summary>Who has which role, by the role's name; empty: nobody.</summary>
    [BindProperty]
    public Dictionary<string, string?> Team { get; set; } = [];

    /// <summary>The newest first.</summary>
    public IReadOnlyList<IncidentNote> Notes { get; private set; } = [];

    /// <summary>Where its postmortem stands; null without one.</summary>
    public PostmortemState? Learned { get; private set; }
    public IReadOnlyList<ActionItem> Items { get; private set; } = [];

    /// <summary>Open action items from earlier incidents that hit the same components.</summary>
    public IReadOnlyList<ItemRow> Earlier { get; private set; } = [];

    /// <summary>Action items from other incidents that would have prevented this one.</summary>
    public IReadOnlyList<ItemRow> PreventedBy { get; private set; } = [];

    /// <summary>The people whom the role fields propose.</summary>
    public IReadOnlyList<string> People { get; private set; } = [];

    /// <summary>The title, severity, impact and beginning, changed without an update.</summary>
    [BindProperty]
    public DescriptionForm Description { get; set; } = new();

    /// <summary>Whether somebody is about to write on an incident that is over.</summary>
    public bool Writes => DraftId is { Length: > 0 } || !ModelState.IsValid || !string.IsNullOrWhiteSpace(Update.Body);

    public bool MayDelete => User.May(IncidentRules.MayDelete);

    protected override string Address => $"/admin/incidents/{Id}";
    protected override string NameOfDraft => About?.Title ?? "";

    /// <param name="note">An entry of the internal timeline that is to be published.</param>
    public async Task<IActionResult> OnGetAsync(string? draft, long? note)
    {
        if (!await FindAboutAsync())
            return NotFound();
        Update = UpdateForm.After(Incident);
        if (
            note is not null
            && await Db.IncidentNotes.Where(row => row.IncidentId == Incident.Id && row.Id == note).Select(row => row.Body).FirstOrDefaultAsync(Cancel)
                is { } body
        )
            Update.Body = body;
        await ComposeAsync(draft);
        return Page();
    }

    public async Task<IActionResult> OnPostUpdateAsync()
    {
        if (await Incidents.FindAsync(StatusPage.Id, Id, Cancel) is not { } incident)
            return NotFound();
        return await AttemptAsync(
            MayPublish,
            async () =>
            {
                RefuseStale(incident);
                return await PublishAsync(incident);
            },
            ReloadAsync
        );
    }

    public async Task<IActionResult> OnPostDescribeAsync()
    {
        if (await Incidents.FindAsync(StatusPage.Id, Id, Cancel) is not { } incident)
            return NotFound();
        return await AttemptAsync(
            MayPublish,
            async () =>
            {
                RefuseStale(incident);
                var asked = Description.Ask(incident, Clock);
                var (_, plan) = await Incidents.DoAsync(
                    StatusPage,
                    incident,
                    asked,
                    Approval.Missing(
                        "Write it with your next update, under “Change the title, severity, impact or beginning”, and submit that for approval."
                    ),
                    Actor,
                    Token,
                    Cancel
                );
                Done = plan.IsNothing ? "Nothing was changed." : "Saved.";
                return $"/admin/incidents/{incident.Id}";
            },
            ReloadWithoutUpdateAsync
        );
    }

    /// <summary>Withdraws an incident that was opened by mistake.</summary>
    public async Task<IActionResult> OnPostWithdrawAsync()
    {
        if (await Incidents.FindAsync(StatusPage.Id, Id, Cancel) is not { } incident)
            return NotFound();
        return await AttemptAsync(
            MayPublish,
            async () =>
            {
                RefuseStale(incident);
                await Incidents.WithdrawAllAsync(incident, Because, Actor, Token, Cancel);
                Done = "Withdrawn. The page says so, with your reason.";
                return $"/admin/incidents/{incident.Id}";
            },
            ReloadWithoutUpdateAsync
        );
    }

    public async Task<IActionResult> OnPostDeleteAsync()
    {
        if (await Incidents.FindAsync(StatusPage.Id, Id, Cancel) is not { } incident)
            return await Writer.EarlierLocationAsync(Token, Cancel) is { } before ? LocalRedirect("~" + before) : NotFound();
        return await AttemptAsync(
            MayDelete,
            async () =>
            {
                await Incidents.DeleteAsync(incident, Actor, Token, Cancel);
                Done = $"'{incident.Title}' is off the page.";
                return "/admin/incidents";
            },
            ReloadWithoutUpdateAsync
        );
    }

    public async Task<IActionResult> OnPostNoteAsync()
    {
        if (await Incidents.FindAsync(StatusPage.Id, Id, Cancel) is not { } incident)
            return NotFound();
        return await AttemptAsync(
            MayDraft,
            async () =>
            {
                await Incidents.NoteAsync(incident, Note, Actor, Token, Cancel);
                return $"/admin/incidents/{incident.Id}#internal";
            },
            ReloadWithoutUpdateAsync
        );
    }

    public async Task<IActionResult> OnPostTeamAsync()
    {
        if (await Incidents.FindAsync(StatusPage.Id, Id, Cancel) is not { } incident)
            return NotFound();
        return await AttemptAsync(
            MayDraft,
            async () =>
            {
                var given = IncidentRoles.All.ToDictionary(role => role, role => Team.GetValueOrDefault(role.ToString()));
                Done = await Incidents.AssignAsync(incident, given, Actor, Token, Cancel) ? "The roles are saved." : null;
                return $"/admin/incidents/{incident.Id}#internal";
            },
            ReloadWithoutUpdateAsync
        );
    }

    private void RefuseStale(Incident incident)
    {
        if (incident.Version == Version)
            return;
        throw new RuleViolation(Web.Drafts.Composer.WhyStale(incident, Clock));
    }

    /// <summary>Shows the incident as it is now next to the typed input, which may then be sent again.</summary>
    private async Task ReloadAsync()
    {
        await FindAboutAsync();
        ModelState.Remove(nameof(Version));
        await LoadAsync();
    }

    protected override async Task<bool> FindAboutAsync()
    {
        if (await Incidents.FindAsync(StatusPage.Id, Id, Cancel) is not { } incident)
            return false;
        About = Incident = incident;
        return true;
    }

    /// <summary>After another form of the page: the update's fields were not sent, so they start again from the incident.</summary>
    private async Task ReloadWithoutUpdateAsync()
    {
        foreach (var key in ModelState.Keys.Where(key => key.StartsWith("Update.", StringComparison.Ordinal)).ToList())
            ModelState.Remove(key);
        await ReloadAsync();
        Update = UpdateForm.After(Incident);
    }

    protected override async Task ShowAsync()
    {
        Version = Incident.Version;
        if (!Description.IsTyped)
            Description = DescriptionForm.Of(Incident, Clock);
        Notes = await Db.IncidentNotes.AsNoTracking().Where(row => row.IncidentId == Incident.Id).OrderByDescending(row => row.Id).ToListAsync(Cancel);
        if (Team.Count == 0)
            Team = await Db
                .IncidentAssignments.AsNoTracking()
                .Where(row => row.IncidentId == Incident.Id)
                .ToDictionaryAsync(row => row.Role.ToString(), row => (string?)row.Person, Cancel);
        Learned = (await Db.Postmortems.AsNoTracking().FirstOrDefaultAsync(row => row.IncidentId == Incident.Id, Cancel))?.StateOn(Incident);
        Items = await Db.ActionItemsAsync(Incident.Id, Cancel);
        Earlier = await actions.OpenFromEarlierAsync(Incident, Cancel);
        PreventedBy = await Db.ItemsOf(StatusPage.Id)
            .Where(row => Db.Preventions.Any(link => link.ItemId == row.Item.Id && link.IncidentId == Incident.Id))
            .ToListAsync(Cancel);
        People = await Db.MembersOf(StatusPage.Id).Select(row => row.Account.Email!).OrderBy(email => email).ToListAsync(Cancel);
        Deliveries = await reports.FindAsync(Db, Incident.Updates.Where(update => update.Notifies).Select(update => update.Id), Cancel);
        var latest = Incident.Latest;
        if (Deliveries.GetValueOrDefault(latest.Id) is { } report && (!report.IsDone || Now - latest.PostedAt < JustNow))
            Progress = new(latest.Id.Value, report, Clock, Compact: true, MayRetry: false);
    }
}
