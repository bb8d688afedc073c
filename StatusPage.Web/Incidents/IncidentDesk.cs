using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Postmortems;
using StatusPage.Web.Alerts;
using StatusPage.Web.Components;
using StatusPage.Web.Data;
using StatusPage.Web.Drafts;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Incidents;

/// <summary>Opens, updates and closes incidents, for the forms and for the API alike.</summary>
public sealed class IncidentDesk(ChangeWriter writer)
{
    public Task<Incident?> FindAsync(PageId page, string? id, CancellationToken cancel) =>
        PublicId.LooksLikeOne(id)
            ? writer.Db.Incidents.Whole().FirstOrDefaultAsync(incident => incident.PageId == page && incident.Id == IncidentId.Of(id!), cancel)
            : Task.FromResult<Incident?>(null);

    /// <summary>
    /// Carries out a request: opens, updates, ends, describes or adds to the history, by the rules of <see cref="UpdateRules"/>. A request that changes
    /// nothing writes nothing: no version, no audit entry, no announcement.
    /// </summary>
    /// <param name="incident">Null: one is opened.</param>
    /// <param name="keptIn">The draft that it was written in.</param>
    /// <param name="metadata">A JSON object to keep with the incident.</param>
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
        var states = await writer.Db.StatesAsync(page.Id, writer.Now, cancel);
        var plan = UpdateRules.Plan(incident, asked, await writer.Db.SeverityRulesAsync(page.Id, cancel), states, approval, writer.Now);
        var verb = VerbOf(incident, plan);
        var (told, update) = plan.Publish(page.Id, incident, states, actor, writer.Now);
        if (metadata is not null && metadata != told.Metadata)
        {
            told.Keep(metadata);
            verb ??= "incident.metadata-kept";
        }
        if (incident is null)
            writer.Db.Incidents.Add(told);
        else if (update is not null)
            writer.Db.Add(update);
        if (update is not null)
            keptIn?.Publish(update.Id, writer.Now);
        if (update is not null && keptIn is { IncidentId: null })
            await writer.Db.PublishCaseAsync(keptIn, told.Id, writer.Now, cancel);
        if (verb is null)
            return new(told, plan);
        var change = new AuditedChange(actor, verb, Subject(told), token, $"/admin/incidents/{told.Id}");
        if (update is not null)
            await PublishAsync(told, update, change, cancel);
        else if (plan.Description is not null)
            await writer.PublishAsync(page.Id, change, cancel);
        else
            await writer.SaveAsync(page.Id, change, cancel);
        return new(told, plan);
    }

    /// <summary>Publishes what a draft holds, as it is: at the end of its countdown, by an alert's rule, or for a program.</summary>
    public Task<Done> PublishAsync(Page page, Incident? incident, Draft draft, Approval approval, string actor, string? token, CancellationToken cancel)
    {
        var asked = ComposerInput.Read(draft.Content).Ask(ZoneClock.For(page.TimeZone, writer.Now), writer.Now, draft, actor);
        return DoAsync(page, incident, asked, approval, actor, token, cancel, draft);
    }

    /// <summary>Null when nothing changes.</summary>
    private static string? VerbOf(Incident? incident, UpdatePlan plan) =>
        plan switch
        {
            { IsNothing: true } => null,
            { Update: null } => "incident.edited",
            _ when incident is null => plan.Update.IsBackfilled ? "incident.backfilled" : "incident.opened",
            _ when incident.Phase.IsOver() => plan.Update.Phase.IsOver() ? "incident.updated" : "incident.reopened",
            _ => plan.Update.Phase.IsOver() ? "incident.resolved" : "incident.updated",
        };

    /// <param name="tells">Whether everybody who was told of the update hears of the correction.</param>
    /// <param name="keptIn">The draft that it was written in.</param>
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
        var update = incident.Correct(id, body, impact, team, wordings ?? kept ?? [], writer.Now);
        keptIn?.Publish(id, writer.Now);
        if (tells)
            writer.Db.Announcements.AddRange(Announcement.OfCorrection(incident, update, writer.Now));
        await writer.PublishAsync(incident.PageId, new(actor, "update.corrected", Subject(incident), token, $"/admin/incidents/{incident.Id}"), cancel);
    }

    /// <param name="publish">Null leaves it public or hidden, as it is.</param>
    /// <param name="isProgram">Whether the request comes with an API key.</param>
    /// <param name="tells">Whether the subscribers hear that it is published; once for each publication.</param>
    /// <param name="learned">The team's own postmortem that the text was chosen from; null for a text that a program wrote.</param>
    public async Task WritePostmortemAsync(
        Incident incident,
        string? body,
        bool? publish,
        bool isProgram,
        string actor,
        string? token,
        CancellationToken cancel,
        bool tells = false,
        Postmortem? learned = null
    )
    {
        var (before, wasPublic) = (incident.PostmortemBody, incident.PostmortemPublishedAt is not null);
        incident.WritePostmortem(body, learned?.UpdatedBy ?? actor, writer.Now);
        if (publish == true ? !wasPublic || incident.PostmortemBody != before : publish is null && wasPublic && incident.PostmortemBody != before)
            await RefuseWithoutApprovalAsync(
                incident,
                learned is null ? IncidentRules.ApprovalOfPostmortem(incident, actor, isProgram) : IncidentRules.ApprovalOfPostmortem(learned, actor),
                cancel
            );
        if (publish == true)
            incident.PublishPostmortem(writer.Now);
        if (tells && incident.TellOfPostmortem(writer.Now))
            writer.Db.Announcements.Add(Announcement.OfPostmortem(incident, writer.Now));
        if (publish == false)
            incident.HidePostmortem(writer.Now);
        var verb = publish switch
        {
            true => "published",
            false => "hidden",
            null => "written",
        };
        await writer.PublishAsync(
            incident.PageId,
            new(actor, $"postmortem.{verb}", Subject(incident), token, $"/admin/incidents/{incident.Id}/postmortem/public"),
            cancel
        );
    }

    public Task RemovePostmortemAsync(Incident incident, string actor, CancellationToken cancel)
    {
        incident.RemovePostmortem(writer.Now);
        return writer.PublishAsync(incident.PageId, new(actor, "postmortem.removed", Subject(incident)), cancel);
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
        keptIn?.Publish(id, writer.Now);
        incident.Translate(id, translations, writer.Now);
        await writer.PublishAsync(incident.PageId, new(actor, "update.translated", Subject(incident), token, $"/admin/incidents/{incident.Id}"), cancel);
    }

    /// <summary>Withdraws an update; its messages that were not sent yet are not sent any more.</summary>
    public async Task WithdrawAsync(Incident incident, UpdateId id, string? because, string actor, string? token, CancellationToken cancel)
    {
        incident.Withdraw(id, because, writer.Now);
        await writer.PublishAsync(incident.PageId, new(actor, "update.withdrawn", Subject(incident), token, $"/admin/incidents/{incident.Id}"), cancel);
    }

    /// <summary>Withdraws the incident, and tells everybody who was told that it was a mistake.</summary>
    public async Task WithdrawAllAsync(Incident incident, string? because, string actor, string? token, CancellationToken cancel)
    {
        var last = incident.WithdrawAll(because, actor, writer.Now);
        writer.Db.Add(last);
        await PublishAsync(incident, last, new(actor, "incident.withdrawn", Subject(incident), token, $"/admin/incidents/{incident.Id}"), cancel);
    }

    public async Task DeleteAsync(Incident incident, string actor, string? token, CancellationToken cancel)
    {
        incident.Delete(writer.Now);
        await writer.PublishAsync(incident.PageId, new(actor, "incident.deleted", Subject(incident), token, "/admin/incidents"), cancel);
    }

    /// <summary>Adds an entry to the internal timeline.</summary>
    public Task NoteAsync(Incident incident, string? body, string actor, string? token, CancellationToken cancel)
    {
        writer.Db.IncidentNotes.Add(new(incident.Id, body, actor, writer.Now));
        return writer.SaveAsync(
            incident.PageId,
            new(actor, "incident.noted", Subject(incident), token, $"/admin/incidents/{incident.Id}#internal"),
            cancel
        );
    }

    /// <summary>Sets who has which role from now on.</summary>
    /// <returns>False when nothing changed.</returns>
    public async Task<bool> AssignAsync(
        Incident incident,
        IReadOnlyDictionary<IncidentRole, string?> people,
        string actor,
        string? token,
        CancellationToken cancel
    )
    {
        var now = await writer.Db.IncidentAssignments.Where(row => row.IncidentId == incident.Id).ToDictionaryAsync(row => row.Role, cancel);
        foreach (var (role, person) in people)
        {
            var holds = now.GetValueOrDefault(role);
            if (string.IsNullOrWhiteSpace(person))
            {
                if (holds is not null)
                    writer.Db.Remove(holds);
            }
            else if (holds is null)
                writer.Db.Add(new IncidentAssignment(incident.Id, role, person));
            else
                holds.Give(person);
        }
        if (!writer.Db.ChangeTracker.HasChanges())
            return false;
        await writer.SaveAsync(
            incident.PageId,
            new(actor, "incident.roles-assigned", Subject(incident), token, $"/admin/incidents/{incident.Id}#internal"),
            cancel
        );
        return true;
    }

    private static string Subject(Incident incident) => $"{incident.Id} {incident.Title}";

    private async Task PublishAsync(Incident incident, IncidentUpdate update, AuditedChange change, CancellationToken cancel)
    {
        writer.Db.Announcements.AddRange(Announcement.Of(incident, update));
        await writer.PublishAsync(incident.PageId, change, cancel);
    }

    private async Task RefuseWithoutApprovalAsync(Incident incident, Approval approval, CancellationToken cancel) =>
        IncidentRules.RefuseWithoutApproval(await writer.Db.SeverityRulesAsync(incident.PageId, cancel), incident.Severity, incident.Severity, approval);
}

/// <summary>The result of a request.</summary>
public sealed record Done(Incident Incident, UpdatePlan Plan);
