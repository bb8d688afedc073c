using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Web.Components;
using StatusPage.Web.Data;

namespace StatusPage.Web.Incidents;

/// <summary>Opens, updates and closes incidents, for the forms and for the API alike.</summary>
public sealed class IncidentDesk(Desk desk)
{
    public Task<Incident?> FindAsync(PageId page, string? id, CancellationToken cancel) => PublicId.LooksLikeOne(id)
        ? desk.Db.Incidents.Whole().FirstOrDefaultAsync(incident => incident.PageId == page && incident.Id == IncidentId.Of(id!), cancel)
        : Task.FromResult<Incident?>(null);

    public async Task<Incident> OpenAsync(
        Page page, string? title, Severity? severity, Impact? impact, UpdateDraft draft, string actor, string? token, CancellationToken cancel, Draft? keptIn = null, string? metadata = null)
    {
        var incident = Incident.Open(page.Id, title, severity, impact, draft, await StatesAsync(page.Id, cancel), actor, desk.Now);
        if (metadata is not null) incident.Keep(metadata);
        desk.Db.Incidents.Add(incident);
        keptIn?.Publish(incident.Latest.Id, desk.Now);
        await PublishAsync(incident, incident.Latest, new(actor, "incident.opened", Subject(incident), token, $"/admin/incidents/{incident.Id}"), cancel);
        return incident;
    }

    /// <summary>The next update; on an incident that is over, one that opens it again.</summary>
    /// <param name="keptIn">The draft it was written in.</param>
    public async Task PostAsync(Page page, Incident incident, UpdateDraft draft, string actor, string? token, CancellationToken cancel, Draft? keptIn = null)
    {
        var verb = incident.Phase.IsOver() ? "reopened" : draft.Phase.IsOver() ? "resolved" : "updated";
        var states = await StatesAsync(page.Id, cancel);
        var update = incident.Phase.IsOver() ? incident.Reopen(draft, states, actor, desk.Now) : incident.Post(draft, states, actor, desk.Now);
        desk.Db.Add(update);
        keptIn?.Publish(update.Id, desk.Now);
        await PublishAsync(incident, update, new(actor, $"incident.{verb}", Subject(incident), token, $"/admin/incidents/{incident.Id}"), cancel);
    }

    public async Task DescribeAsync(Incident incident, string? title, Severity? severity, Impact? impact, string actor, string? token, CancellationToken cancel)
    {
        incident.Describe(title, severity, impact, desk.Now);
        await desk.PublishAsync(incident.PageId, new(actor, "incident.edited", Subject(incident), token, $"/admin/incidents/{incident.Id}"), cancel);
    }

    /// <param name="tells">Whether those who were told of it hear of the correction.</param>
    public async Task CorrectAsync(Incident incident, UpdateId id, string? body, string? impact, string? team, IReadOnlyList<UpdateWording>? wordings, bool tells, string actor, string? token, CancellationToken cancel)
    {
        var kept = incident.Updates.FirstOrDefault(update => update.Id == id)?.Wordings;
        var update = incident.Correct(id, body, impact, team, wordings ?? kept ?? [], desk.Now);
        if (tells) desk.Db.Announcements.AddRange(Announcement.OfCorrection(incident, update, desk.Now));
        await desk.PublishAsync(incident.PageId, new(actor, "update.corrected", Subject(incident), token, $"/admin/incidents/{incident.Id}"), cancel);
    }

    /// <param name="publish">Null leaves it as public, or as hidden, as it is.</param>
    public async Task WritePostmortemAsync(Incident incident, string? body, bool? publish, string actor, string? token, CancellationToken cancel)
    {
        incident.WritePostmortem(body, desk.Now);
        if (publish == true) incident.PublishPostmortem(desk.Now);
        if (publish == false) incident.HidePostmortem(desk.Now);
        var verb = publish switch { true => "published", false => "hidden", null => "written" };
        await desk.PublishAsync(incident.PageId, new(actor, $"postmortem.{verb}", Subject(incident), token, $"/admin/incidents/{incident.Id}#postmortem"), cancel);
    }

    public Task RemovePostmortemAsync(Incident incident, string actor, CancellationToken cancel)
    {
        incident.RemovePostmortem(desk.Now);
        return desk.PublishAsync(incident.PageId, new(actor, "postmortem.removed", Subject(incident)), cancel);
    }

    public Task KeepAsync(Incident incident, string actor, CancellationToken cancel) =>
        desk.SaveAsync(incident.PageId, new(actor, "incident.metadata-kept", Subject(incident)), cancel);

    public async Task TranslateAsync(Incident incident, UpdateId id, IReadOnlyList<UpdateTranslation> translations, string actor, string? token, CancellationToken cancel)
    {
        incident.Translate(id, translations, desk.Now);
        await desk.PublishAsync(incident.PageId, new(actor, "update.translated", Subject(incident), token, $"/admin/incidents/{incident.Id}"), cancel);
    }

    /// <summary>What of it is still to be sent is not sent any more.</summary>
    public async Task WithdrawAsync(Incident incident, UpdateId id, string? because, string actor, string? token, CancellationToken cancel)
    {
        incident.Withdraw(id, because, desk.Now);
        await desk.PublishAsync(incident.PageId, new(actor, "update.withdrawn", Subject(incident), token, $"/admin/incidents/{incident.Id}"), cancel);
    }

    /// <summary>Whoever was told hears that it was a mistake.</summary>
    public async Task WithdrawAllAsync(Incident incident, string? because, string actor, string? token, CancellationToken cancel)
    {
        var last = incident.WithdrawAll(because, actor, desk.Now);
        desk.Db.Add(last);
        await PublishAsync(incident, last, new(actor, "incident.withdrawn", Subject(incident), token, $"/admin/incidents/{incident.Id}"), cancel);
    }

    public async Task DeleteAsync(Incident incident, string actor, string? token, CancellationToken cancel)
    {
        incident.Delete(desk.Now);
        await desk.PublishAsync(incident.PageId, new(actor, "incident.deleted", Subject(incident), token, "/admin/incidents"), cancel);
    }

    /// <summary>An entry of the internal timeline.</summary>
    public Task NoteAsync(Incident incident, string? body, string actor, string? token, CancellationToken cancel)
    {
        desk.Db.IncidentNotes.Add(new(incident.Id, body, actor, desk.Now));
        return desk.SaveAsync(incident.PageId, new(actor, "incident.noted", Subject(incident), token, $"/admin/incidents/{incident.Id}#internal"), cancel);
    }

    /// <summary>Says who has which role from now on.</summary>
    /// <returns>False when nothing changed.</returns>
    public async Task<bool> AssignAsync(Incident incident, IReadOnlyDictionary<IncidentRole, string?> people, string actor, string? token, CancellationToken cancel)
    {
        var now = await desk.Db.IncidentAssignments.Where(row => row.IncidentId == incident.Id).ToDictionaryAsync(row => row.Role, cancel);
        foreach (var (role, person) in people)
        {
            var holds = now.GetValueOrDefault(role);
            if (string.IsNullOrWhiteSpace(person))
            {
                if (holds is not null) desk.Db.Remove(holds);
            }
            else if (holds is null) desk.Db.Add(new IncidentAssignment(incident.Id, role, person));
            else holds.Give(person);
        }
        if (!desk.Db.ChangeTracker.HasChanges()) return false;
        await desk.SaveAsync(incident.PageId, new(actor, "incident.roles-assigned", Subject(incident), token, $"/admin/incidents/{incident.Id}#internal"), cancel);
        return true;
    }

    private static string Subject(Incident incident) => $"{incident.Id} {incident.Title}";

    private async Task PublishAsync(Incident incident, IncidentUpdate update, Act act, CancellationToken cancel)
    {
        desk.Db.Announcements.AddRange(Announcement.Of(incident, update));
        await desk.PublishAsync(incident.PageId, act, cancel);
    }

    private Task<ComponentStates> StatesAsync(PageId page, CancellationToken cancel) => desk.Db.StatesAsync(page, desk.Now, cancel);
}
