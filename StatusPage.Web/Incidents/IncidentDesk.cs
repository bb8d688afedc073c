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
    public Task<Incident?> FindAsync(PageId page, string? id, CancellationToken cancel) =>
        PublicId.LooksLikeOne(id)
            ? desk.Db.Incidents.Whole().FirstOrDefaultAsync(incident => incident.PageId == page && incident.Id == IncidentId.Of(id!), cancel)
            : Task.FromResult<Incident?>(null);

    /// <summary>
    /// Does what is asked for: opens, updates, ends, describes or adds to the history, by the rules of <see cref="UpdateRules"/>.
    /// What is so already is left as it is: no version, no audit entry, no announcement.
    /// </summary>
    /// <param name="incident">Null: one is opened.</param>
    /// <param name="keptIn">The draft it was written in.</param>
    /// <param name="metadata">A JSON object to be kept with it.</param>
    public async Task<Done> DoAsync(
        Page page,
        Incident? incident,
        UpdateRequest asked,
        Approval approval,
        string actor,
        string? token,
        CancellationToken cancel,
        Draft? keptIn = null,
        string? metadata = null
    )
    {
        var states = await desk.Db.StatesAsync(page.Id, desk.Now, cancel);
        var plan = UpdateRules.Plan(incident, asked, await desk.Db.SeverityRulesAsync(page.Id, cancel), states, approval, desk.Now);
        var verb = VerbOf(incident, plan);
        var (told, update) = plan.Publish(page.Id, incident, states, actor, desk.Now);
        if (metadata is not null && metadata != told.Metadata)
        {
            told.Keep(metadata);
            verb ??= "incident.metadata-kept";
        }
        if (incident is null)
            desk.Db.Incidents.Add(told);
        else if (update is not null)
            desk.Db.Add(update);
        if (update is not null)
            keptIn?.Publish(update.Id, desk.Now);
        if (verb is null)
            return new(told, plan);
        var act = new Act(actor, verb, Subject(told), token, $"/admin/incidents/{told.Id}");
        if (update is not null)
            await PublishAsync(told, update, act, cancel);
        else if (plan.Description is not null)
            await desk.PublishAsync(page.Id, act, cancel);
        else
            await desk.SaveAsync(page.Id, act, cancel);
        return new(told, plan);
    }

    /// <summary>Null for nothing.</summary>
    private static string? VerbOf(Incident? incident, UpdatePlan plan) =>
        plan switch
        {
            { IsNothing: true } => null,
            { Update: null } => "incident.edited",
            _ when incident is null => plan.Update.IsBackfilled ? "incident.backfilled" : "incident.opened",
            _ when incident.Phase.IsOver() => plan.Update.Phase.IsOver() ? "incident.updated" : "incident.reopened",
            _ => plan.Update.Phase.IsOver() ? "incident.resolved" : "incident.updated",
        };

    /// <param name="tells">Whether those who were told of it hear of the correction.</param>
    /// <param name="keptIn">The draft it was written in.</param>
    public async Task CorrectAsync(
        Incident incident,
        UpdateId id,
        string? body,
        string? impact,
        string? team,
        IReadOnlyList<UpdateWording>? wordings,
        bool tells,
        Approval approval,
        string actor,
        string? token,
        CancellationToken cancel,
        Draft? keptIn = null
    )
    {
        await RefuseWithoutApprovalAsync(incident, approval, cancel);
        var kept = incident.Updates.FirstOrDefault(update => update.Id == id)?.Wordings;
        var update = incident.Correct(id, body, impact, team, wordings ?? kept ?? [], desk.Now);
        keptIn?.Publish(id, desk.Now);
        if (tells)
            desk.Db.Announcements.AddRange(Announcement.OfCorrection(incident, update, desk.Now));
        await desk.PublishAsync(incident.PageId, new(actor, "update.corrected", Subject(incident), token, $"/admin/incidents/{incident.Id}"), cancel);
    }

    /// <param name="publish">Null leaves it as public, or as hidden, as it is.</param>
    /// <param name="isProgram">It comes with a key.</param>
    public async Task WritePostmortemAsync(
        Incident incident,
        string? body,
        bool? publish,
        bool isProgram,
        string actor,
        string? token,
        CancellationToken cancel
    )
    {
        var (before, wasPublic) = (incident.PostmortemBody, incident.PostmortemPublishedAt is not null);
        incident.WritePostmortem(body, actor, desk.Now);
        if (publish == true ? !wasPublic || incident.PostmortemBody != before : publish is null && wasPublic && incident.PostmortemBody != before)
            await RefuseWithoutApprovalAsync(incident, IncidentRules.ApprovalOfPostmortem(incident, actor, isProgram), cancel);
        if (publish == true)
            incident.PublishPostmortem(desk.Now);
        if (publish == false)
            incident.HidePostmortem(desk.Now);
        var verb = publish switch
        {
            true => "published",
            false => "hidden",
            null => "written",
        };
        await desk.PublishAsync(
            incident.PageId,
            new(actor, $"postmortem.{verb}", Subject(incident), token, $"/admin/incidents/{incident.Id}#postmortem"),
            cancel
        );
    }

    public Task RemovePostmortemAsync(Incident incident, string actor, CancellationToken cancel)
    {
        incident.RemovePostmortem(desk.Now);
        return desk.PublishAsync(incident.PageId, new(actor, "postmortem.removed", Subject(incident)), cancel);
    }

    public async Task TranslateAsync(
        Incident incident,
        UpdateId id,
        IReadOnlyList<UpdateTranslation> translations,
        Approval approval,
        string actor,
        string? token,
        CancellationToken cancel,
        Draft? keptIn = null
    )
    {
        await RefuseWithoutApprovalAsync(incident, approval, cancel);
        keptIn?.Publish(id, desk.Now);
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
    public async Task<bool> AssignAsync(
        Incident incident,
        IReadOnlyDictionary<IncidentRole, string?> people,
        string actor,
        string? token,
        CancellationToken cancel
    )
    {
        var now = await desk.Db.IncidentAssignments.Where(row => row.IncidentId == incident.Id).ToDictionaryAsync(row => row.Role, cancel);
        foreach (var (role, person) in people)
        {
            var holds = now.GetValueOrDefault(role);
            if (string.IsNullOrWhiteSpace(person))
            {
                if (holds is not null)
                    desk.Db.Remove(holds);
            }
            else if (holds is null)
                desk.Db.Add(new IncidentAssignment(incident.Id, role, person));
            else
                holds.Give(person);
        }
        if (!desk.Db.ChangeTracker.HasChanges())
            return false;
        await desk.SaveAsync(
            incident.PageId,
            new(actor, "incident.roles-assigned", Subject(incident), token, $"/admin/incidents/{incident.Id}#internal"),
            cancel
        );
        return true;
    }

    private static string Subject(Incident incident) => $"{incident.Id} {incident.Title}";

    private async Task PublishAsync(Incident incident, IncidentUpdate update, Act act, CancellationToken cancel)
    {
        desk.Db.Announcements.AddRange(Announcement.Of(incident, update));
        await desk.PublishAsync(incident.PageId, act, cancel);
    }

    private async Task RefuseWithoutApprovalAsync(Incident incident, Approval approval, CancellationToken cancel) =>
        IncidentRules.RefuseWithoutApproval(await desk.Db.SeverityRulesAsync(incident.PageId, cancel), incident.Severity, incident.Severity, approval);
}

/// <summary>What came of a request.</summary>
public sealed record Done(Incident Incident, UpdatePlan Plan);
